/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time in ticks, of which a second has HZ. As in the kernel they begin five minutes before 32 bits of them overflow.
 * The host may run a module's time faster: sleeps, timeouts and every clock alike.
 */
#ifndef MEMHP_LINUX_JIFFIES_H
#define MEMHP_LINUX_JIFFIES_H

#include <linux/memhp_types.h>
#include <linux/time.h>
#include <memhp/kapi_time.h>

#ifndef HZ
#define HZ MEMHP_HZ
#endif
#define jiffies          memhp_jiffies()
#define get_jiffies_64() ((u64)memhp_jiffies())

#define MAX_JIFFY_OFFSET ((~0ul >> 1) - 1)

#define time_after(a, b)          ((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
#define time_before(a, b)         time_after(b, a)
#define time_after_eq(a, b)       ((long)((unsigned long)(a) - (unsigned long)(b)) >= 0)
#define time_before_eq(a, b)      time_after_eq(b, a)
#define time_in_range(a, b, c)    (time_after_eq(a, b) && time_before_eq(a, c))
#define time_is_before_jiffies(a) time_after(jiffies, a)
#define time_is_after_jiffies(a)  time_before(jiffies, a)

/* Rounded up, as in the kernel: a timeout is never shorter than asked for. */
static inline unsigned long msecs_to_jiffies(unsigned int ms)
{
	return (int)ms < 0 ? MAX_JIFFY_OFFSET : ((unsigned long)ms + MSEC_PER_SEC / HZ - 1) / (MSEC_PER_SEC / HZ);
}

static inline unsigned long usecs_to_jiffies(unsigned int us)
{
	return ((unsigned long)us + USEC_PER_SEC / HZ - 1) / (USEC_PER_SEC / HZ);
}

static inline unsigned long nsecs_to_jiffies(u64 ns)
{
	return ns / (NSEC_PER_SEC / HZ);
}

static inline unsigned int jiffies_to_msecs(unsigned long ticks)
{
	return (unsigned int)(ticks * (MSEC_PER_SEC / HZ));
}

static inline unsigned int jiffies_to_usecs(unsigned long ticks)
{
	return (unsigned int)(ticks * (USEC_PER_SEC / HZ));
}

static inline u64 jiffies_to_nsecs(unsigned long ticks)
{
	return (u64)ticks * (NSEC_PER_SEC / HZ);
}

/* Unlike the kernel, which gathers timers of a second, as they are. */
static inline unsigned long round_jiffies(unsigned long ticks)
{
	return ticks;
}

static inline unsigned long round_jiffies_relative(unsigned long ticks)
{
	return ticks;
}

#endif
