/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers by jiffies. Their callbacks run one after another in a thread of the host, and must not sleep: checked. */
#ifndef MEMHP_LINUX_TIMER_H
#define MEMHP_LINUX_TIMER_H

#include <linux/container_of.h>
#include <linux/jiffies.h>
#include <memhp/kapi_timer.h>

/* Taken, and without a meaning here. */
#define TIMER_DEFERRABLE 0x00080000
#define TIMER_PINNED     0x00100000
#define TIMER_IRQSAFE    0x00200000

#define DEFINE_TIMER(name, callback) struct timer_list name = {.function = callback}

#define timer_setup(timer, callback, flags)          ((void)(flags), memhp_timer_setup(timer, callback, #timer, MEMHP_HERE))
#define timer_setup_on_stack(timer, callback, flags) timer_setup(timer, callback, flags)
#define destroy_timer_on_stack(timer)                ((void)(timer))
#define from_timer(variable, timer, field)           container_of(timer, __typeof__(*variable), field)

#define add_timer(timer)           ((void)memhp_timer_arm(timer, (timer)->expires, 1, #timer, MEMHP_HERE))
#define mod_timer(timer, time)     memhp_timer_arm(timer, time, 0, #timer, MEMHP_HERE)
#define timer_reduce(timer, time)  memhp_timer_reduce(timer, time, #timer, MEMHP_HERE)
#define timer_pending(timer)       memhp_timer_is_pending(timer)
#define del_timer(timer)           memhp_timer_delete(timer, 0, MEMHP_HERE)
#define del_timer_sync(timer)      memhp_timer_delete(timer, MEMHP_TIMER_WAIT, MEMHP_HERE)
#define timer_delete(timer)        del_timer(timer)
#define timer_delete_sync(timer)   del_timer_sync(timer)
#define timer_shutdown(timer)      memhp_timer_delete(timer, MEMHP_TIMER_SHUT, MEMHP_HERE)
#define timer_shutdown_sync(timer) memhp_timer_delete(timer, MEMHP_TIMER_WAIT | MEMHP_TIMER_SHUT, MEMHP_HERE)

#endif
