/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clocks. All but the real one count from the host's boot; none is ever suspended. */
#ifndef MEMHP_LINUX_TIMEKEEPING_H
#define MEMHP_LINUX_TIMEKEEPING_H

#include <linux/memhp_types.h>
#include <linux/time.h>
#include <memhp/kapi_time.h>

typedef s64 ktime_t;

#define ktime_get()              ((ktime_t)memhp_time_ns())
#define ktime_get_ns()           ((u64)memhp_time_ns())
#define ktime_get_raw()          ktime_get()
#define ktime_get_raw_ns()       ktime_get_ns()
#define ktime_get_boottime()     ktime_get()
#define ktime_get_boottime_ns()  ktime_get_ns()
#define ktime_get_mono_fast_ns() ktime_get_ns()
#define ktime_get_real()         ((ktime_t)memhp_time_real_ns())
#define ktime_get_real_ns()      ((u64)memhp_time_real_ns())
#define ktime_get_seconds()      ((s64)memhp_time_ns() / NSEC_PER_SEC)
#define ktime_get_real_seconds() ((s64)memhp_time_real_ns() / NSEC_PER_SEC)
#define local_clock()            ktime_get_ns()

#endif
