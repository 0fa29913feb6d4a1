/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A counter with a share for each CPU. Unlike the kernel's, the whole is one atomic number, so that every reading is
 * exact and a batch means nothing; the shares are allocated all the same, and can fail and leak.
 */
#ifndef MEMHP_LINUX_PERCPU_COUNTER_H
#define MEMHP_LINUX_PERCPU_COUNTER_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <memhp/kapi_use.h>

struct percpu_counter {
	atomic64_t memhp_count;
	s32 __percpu *counters;
};

static inline void percpu_counter_set(struct percpu_counter *counter, s64 amount)
{
	atomic64_set(&counter->memhp_count, amount);
}

static inline int memhp_percpu_counter_init(struct percpu_counter *counter, s64 amount, s32 __percpu *shares)
{
	percpu_counter_set(counter, amount);
	counter->counters = shares;
	return shares ? 0 : -ENOMEM;
}

static inline bool percpu_counter_initialized(struct percpu_counter *counter)
{
	return counter->counters;
}

static inline void memhp_percpu_counter_destroy(struct percpu_counter *counter, const char *where)
{
	if (counter->counters)
		memhp_percpu_free(counter->counters, where);
	counter->counters = NULL;
}

static inline void memhp_percpu_counter_add(struct percpu_counter *counter, s64 amount, const char *where)
{
	if (!counter->counters)
		memhp_misuse(where, "a percpu_counter that was never initialised");
	else
		(void)atomic64_add_return(amount, &counter->memhp_count);
}

static inline s64 percpu_counter_sum(struct percpu_counter *counter)
{
	return atomic64_read(&counter->memhp_count);
}

static inline s64 memhp_positive(s64 amount)
{
	return amount < 0 ? 0 : amount;
}

static inline int percpu_counter_compare(struct percpu_counter *counter, s64 other)
{
	s64 amount = percpu_counter_sum(counter);

	return (amount > other) - (amount < other);
}

#define percpu_counter_init(counter, amount, flags)                                                                    \
	memhp_percpu_counter_init(counter, amount, alloc_percpu_gfp(s32, flags))
#define percpu_counter_destroy(counter)                  memhp_percpu_counter_destroy(counter, MEMHP_HERE)
#define percpu_counter_add(counter, amount)              memhp_percpu_counter_add(counter, amount, MEMHP_HERE)
#define percpu_counter_sub(counter, amount)              percpu_counter_add(counter, -(s64)(amount))
#define percpu_counter_inc(counter)                      percpu_counter_add(counter, 1)
#define percpu_counter_dec(counter)                      percpu_counter_add(counter, -1)
#define percpu_counter_add_batch(counter, amount, batch) ((void)(batch), percpu_counter_add(counter, amount))

#define percpu_counter_read(counter)          percpu_counter_sum(counter)
#define percpu_counter_read_positive(counter) memhp_positive(percpu_counter_sum(counter))
#define percpu_counter_sum_positive(counter)  memhp_positive(percpu_counter_sum(counter))

#endif
