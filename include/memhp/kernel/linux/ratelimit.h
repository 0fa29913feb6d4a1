/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of <linux/printk.h> that stop after a while. struct ratelimit_state is absent. */
#ifndef MEMHP_LINUX_RATELIMIT_H
#define MEMHP_LINUX_RATELIMIT_H

#include <linux/printk.h>

#endif
