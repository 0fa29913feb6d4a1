/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct notifier_block and what a callback returns. Only the memory chain exists here: no heads of one's own. */
#ifndef MEMHP_LINUX_NOTIFIER_H
#define MEMHP_LINUX_NOTIFIER_H

#include <linux/errno.h>
#include <linux/memhp_types.h>
#include <memhp/kernel.h>

#endif
