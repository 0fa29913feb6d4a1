/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Staying on a CPU. Unlike the kernel, a thread is not kept from being preempted: that it must not sleep is checked. */
#ifndef MEMHP_LINUX_PREEMPT_H
#define MEMHP_LINUX_PREEMPT_H

#include <linux/memhp_types.h>
#include <memhp/kapi_thread.h>

#define preempt_disable() memhp_preempt_disable(MEMHP_HERE)
#define preempt_enable()  memhp_preempt_enable(MEMHP_HERE)
#define in_atomic()       memhp_in_atomic()
#define preemptible()     (!memhp_in_atomic())

#endif
