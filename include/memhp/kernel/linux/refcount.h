/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * References that saturate: a count that was lost never again reaches 0, and its memory leaks instead of being used
 * after its end. Each misuse is reported with its place.
 */
#ifndef MEMHP_LINUX_REFCOUNT_H
#define MEMHP_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/limits.h>
#include <memhp/kapi_use.h>

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(value)                                                                                           \
	{                                                                                                              \
		.refs = ATOMIC_INIT(value),                                                                            \
	}
#define REFCOUNT_MAX       0x7fffffff
#define REFCOUNT_SATURATED ((int)0xc0000000u)

static inline void refcount_set(refcount_t *count, int value)
{
	atomic_set(&count->refs, value);
}

static inline unsigned int refcount_read(const refcount_t *count)
{
	return (unsigned int)atomic_read(&count->refs);
}

static inline void memhp_refcount_saturate(refcount_t *count, const char *what, const char *where)
{
	refcount_set(count, REFCOUNT_SATURATED);
	memhp_misuse(where, "%s", what);
}

/* The forms that may fail: not from 0, which says that the object's end has begun. */
static inline bool __must_check memhp_refcount_add_not_zero(int value, refcount_t *count, const char *where)
{
	/* Relaxed, as in the kernel: who has got a reference was given the object by something that orders. */
	int old = atomic_read(&count->refs);

	while (old && !atomic_try_cmpxchg_relaxed(&count->refs, &old, (int)((unsigned int)old + (unsigned int)value)))
		;
	if (old < 0 || (int)((unsigned int)old + (unsigned int)value) < 0)
		memhp_refcount_saturate(count, "a refcount was raised until it saturated", where);
	return old != 0;
}

static inline void memhp_refcount_add(int value, refcount_t *count, const char *where)
{
	int old = atomic_fetch_add_relaxed(value, &count->refs);

	if (!old)
		memhp_refcount_saturate(count, "a refcount was raised from 0: its object may be gone", where);
	else if (old < 0 || (int)((unsigned int)old + (unsigned int)value) < 0)
		memhp_refcount_saturate(count, "a refcount was raised until it saturated", where);
}

static inline bool __must_check memhp_refcount_sub_and_test(int value, refcount_t *count, const char *where)
{
	/* Release: what this holder did to the object comes before its end, which the acquire below begins. */
	int old = atomic_fetch_sub_release(value, &count->refs);

	if (old == value) {
		smp_acquire__after_ctrl_dep();
		return true;
	}
	if (old < 0 || old < value)
		memhp_refcount_saturate(count, "a refcount was lowered below 0", where);
	return false;
}

static inline void memhp_refcount_dec(refcount_t *count, const char *where)
{
	if (atomic_fetch_sub_release(1, &count->refs) <= 1)
		memhp_refcount_saturate(count, "refcount_dec() took the last reference: nobody frees the object",
					where);
}

static inline bool __must_check refcount_dec_if_one(refcount_t *count)
{
	return atomic_cmpxchg_release(&count->refs, 1, 0) == 1;
}

static inline bool __must_check memhp_refcount_dec_not_one(refcount_t *count, const char *where)
{
	int old = atomic_read(&count->refs);

	do {
		if (old == 1)
			return false;
		if (old == REFCOUNT_SATURATED)
			return true;
		if (old <= 0) {
			memhp_refcount_saturate(count, "a refcount was lowered below 0", where);
			return true;
		}
	} while (!atomic_try_cmpxchg_release(&count->refs, &old, old - 1));
	return true;
}

#define refcount_add_not_zero(value, count) memhp_refcount_add_not_zero(value, count, MEMHP_HERE)
#define refcount_inc_not_zero(count)        memhp_refcount_add_not_zero(1, count, MEMHP_HERE)
#define refcount_add(value, count)          memhp_refcount_add(value, count, MEMHP_HERE)
#define refcount_inc(count)                 memhp_refcount_add(1, count, MEMHP_HERE)
#define refcount_sub_and_test(value, count) memhp_refcount_sub_and_test(value, count, MEMHP_HERE)
#define refcount_dec_and_test(count)        memhp_refcount_sub_and_test(1, count, MEMHP_HERE)
#define refcount_dec(count)                 memhp_refcount_dec(count, MEMHP_HERE)
#define refcount_dec_not_one(count)         memhp_refcount_dec_not_one(count, MEMHP_HERE)

#endif
