/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time in ns, by a module's clocks (linux/jiffies.h). */
#ifndef MEMHP_LINUX_KTIME_H
#define MEMHP_LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/memhp_types.h>
#include <linux/timekeeping.h>

static inline ktime_t ktime_set(s64 seconds, unsigned long ns)
{
	return seconds * NSEC_PER_SEC + (s64)ns;
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return (ktime_t)ns;
}

static inline ktime_t us_to_ktime(u64 us)
{
	return (ktime_t)us * NSEC_PER_USEC;
}

static inline ktime_t ms_to_ktime(u64 ms)
{
	return (ktime_t)ms * NSEC_PER_MSEC;
}

static inline s64 ktime_to_ns(ktime_t time)
{
	return time;
}

static inline s64 ktime_to_us(ktime_t time)
{
	return time / NSEC_PER_USEC;
}

static inline s64 ktime_to_ms(ktime_t time)
{
	return time / NSEC_PER_MSEC;
}

#define ktime_add(a, b)        ((ktime_t)((a) + (b)))
#define ktime_sub(a, b)        ((ktime_t)((a) - (b)))
#define ktime_add_ns(time, ns) ((ktime_t)((time) + (s64)(ns)))
#define ktime_sub_ns(time, ns) ((ktime_t)((time) - (s64)(ns)))
#define ktime_add_us(time, us) ktime_add_ns(time, (us)*NSEC_PER_USEC)
#define ktime_add_ms(time, ms) ktime_add_ns(time, (ms)*NSEC_PER_MSEC)
#define ktime_us_delta(a, b)   ktime_to_us(ktime_sub(a, b))
#define ktime_ms_delta(a, b)   ktime_to_ms(ktime_sub(a, b))

static inline int ktime_compare(ktime_t a, ktime_t b)
{
	return (a > b) - (a < b);
}

static inline bool ktime_after(ktime_t a, ktime_t b)
{
	return a > b;
}

static inline bool ktime_before(ktime_t a, ktime_t b)
{
	return a < b;
}

#endif
