/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sleeps and delays, in a module's time (linux/jiffies.h). */
#ifndef MEMHP_LINUX_DELAY_H
#define MEMHP_LINUX_DELAY_H

#include <linux/memhp_types.h>
#include <linux/time.h>
#include <memhp/kapi_time.h>

#define MEMHP_NS(count, unit) ((unsigned long long)(count) * (unit))

#define ssleep(s)  memhp_sleep_ns(MEMHP_NS(s, NSEC_PER_SEC), MEMHP_HERE)
#define msleep(ms) memhp_sleep_ns(MEMHP_NS(ms, NSEC_PER_MSEC), MEMHP_HERE)
#define fsleep(us) memhp_sleep_ns(MEMHP_NS(us, NSEC_PER_USEC), MEMHP_HERE)
/* As long as allowed at least: @max is not needed. */
#define usleep_range(min, max) ((void)(max), memhp_sleep_ns(MEMHP_NS(min, NSEC_PER_USEC), MEMHP_HERE))
/* 0: there are no signals. */
#define msleep_interruptible(ms) (msleep(ms), 0ul)

#define mdelay(ms) memhp_delay_ns(MEMHP_NS(ms, NSEC_PER_MSEC))
#define udelay(us) memhp_delay_ns(MEMHP_NS(us, NSEC_PER_USEC))
#define ndelay(ns) memhp_delay_ns(ns)

#endif
