/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * atomic_t, atomic64_t and atomic_long_t with the kernel's rule of ordering: what returns a value and changes one is a
 * full barrier, what does only one of the two orders nothing (Documentation/atomic_t.txt); the forms _relaxed, _acquire
 * and _release say theirs. The full barrier is sequential consistency.
 */
#ifndef MEMHP_LINUX_ATOMIC_H
#define MEMHP_LINUX_ATOMIC_H

#include <linux/memhp_barrier.h>
#include <linux/memhp_types.h>

typedef atomic64_t atomic_long_t;

#define ATOMIC_INIT(value)                                                                                             \
	{                                                                                                              \
		(value)                                                                                                \
	}
#define ATOMIC64_INIT(value)    ATOMIC_INIT(value)
#define ATOMIC_LONG_INIT(value) ATOMIC_INIT(value)

/* One function of each ordering: @form is "", _relaxed, _acquire, _release; @order the compiler's name of it. */
#define MEMHP_ATOMIC_RETURN(prefix, type, value_type, form, order)                                                     \
	static inline value_type prefix##_add_return##form(value_type value, type *atomic)                             \
	{                                                                                                              \
		return __atomic_add_fetch(&atomic->counter, value, order);                                             \
	}                                                                                                              \
	static inline value_type prefix##_sub_return##form(value_type value, type *atomic)                             \
	{                                                                                                              \
		return __atomic_sub_fetch(&atomic->counter, value, order);                                             \
	}                                                                                                              \
	static inline value_type prefix##_inc_return##form(type *atomic)                                               \
	{                                                                                                              \
		return __atomic_add_fetch(&atomic->counter, 1, order);                                                 \
	}                                                                                                              \
	static inline value_type prefix##_dec_return##form(type *atomic)                                               \
	{                                                                                                              \
		return __atomic_sub_fetch(&atomic->counter, 1, order);                                                 \
	}

/* What was there before. */
#define MEMHP_ATOMIC_FETCH(prefix, type, value_type, form, order)                                                      \
	static inline value_type prefix##_fetch_add##form(value_type value, type *atomic)                              \
	{                                                                                                              \
		return __atomic_fetch_add(&atomic->counter, value, order);                                             \
	}                                                                                                              \
	static inline value_type prefix##_fetch_sub##form(value_type value, type *atomic)                              \
	{                                                                                                              \
		return __atomic_fetch_sub(&atomic->counter, value, order);                                             \
	}                                                                                                              \
	static inline value_type prefix##_fetch_inc##form(type *atomic)                                                \
	{                                                                                                              \
		return __atomic_fetch_add(&atomic->counter, 1, order);                                                 \
	}                                                                                                              \
	static inline value_type prefix##_fetch_dec##form(type *atomic)                                                \
	{                                                                                                              \
		return __atomic_fetch_sub(&atomic->counter, 1, order);                                                 \
	}                                                                                                              \
	static inline value_type prefix##_fetch_and##form(value_type value, type *atomic)                              \
	{                                                                                                              \
		return __atomic_fetch_and(&atomic->counter, value, order);                                             \
	}                                                                                                              \
	static inline value_type prefix##_fetch_andnot##form(value_type value, type *atomic)                           \
	{                                                                                                              \
		return __atomic_fetch_and(&atomic->counter, ~value, order);                                            \
	}                                                                                                              \
	static inline value_type prefix##_fetch_or##form(value_type value, type *atomic)                               \
	{                                                                                                              \
		return __atomic_fetch_or(&atomic->counter, value, order);                                              \
	}                                                                                                              \
	static inline value_type prefix##_fetch_xor##form(value_type value, type *atomic)                              \
	{                                                                                                              \
		return __atomic_fetch_xor(&atomic->counter, value, order);                                             \
	}

/* cmpxchg gives what was there: equal to @old, @value is there now. try_cmpxchg says so, else puts it in *@old. */
#define MEMHP_ATOMIC_EXCHANGE(prefix, type, value_type, form, order, failure_order)                                    \
	static inline value_type prefix##_xchg##form(type *atomic, value_type value)                                   \
	{                                                                                                              \
		return __atomic_exchange_n(&atomic->counter, value, order);                                            \
	}                                                                                                              \
	static inline value_type prefix##_cmpxchg##form(type *atomic, value_type old, value_type value)                \
	{                                                                                                              \
		__typeof__(atomic->counter) found = old;                                                               \
		__atomic_compare_exchange_n(&atomic->counter, &found, value, false, order, failure_order);             \
		return found;                                                                                          \
	}                                                                                                              \
	static inline bool prefix##_try_cmpxchg##form(type *atomic, value_type *old, value_type value)                 \
	{                                                                                                              \
		value_type found = prefix##_cmpxchg##form(atomic, *old, value);                                        \
		bool done = found == *old;                                                                             \
		*old = found;                                                                                          \
		return done;                                                                                           \
	}

#define MEMHP_ATOMIC_FORM(prefix, type, value_type, form, order, failure_order)                                        \
	MEMHP_ATOMIC_RETURN(prefix, type, value_type, form, order)                                                     \
	MEMHP_ATOMIC_FETCH(prefix, type, value_type, form, order)                                                      \
	MEMHP_ATOMIC_EXCHANGE(prefix, type, value_type, form, order, failure_order)

/* What orders nothing, but the two that say so: a release publishes what was written before, an acquire sees it. */
#define MEMHP_ATOMIC_PLAIN(prefix, type, value_type)                                                                   \
	static inline value_type prefix##_read(const type *atomic)                                                     \
	{                                                                                                              \
		return __atomic_load_n(&atomic->counter, __ATOMIC_RELAXED);                                            \
	}                                                                                                              \
	static inline value_type prefix##_read_acquire(const type *atomic)                                             \
	{                                                                                                              \
		return __atomic_load_n(&atomic->counter, __ATOMIC_ACQUIRE);                                            \
	}                                                                                                              \
	static inline void prefix##_set(type *atomic, value_type value)                                                \
	{                                                                                                              \
		__atomic_store_n(&atomic->counter, value, __ATOMIC_RELAXED);                                           \
	}                                                                                                              \
	static inline void prefix##_set_release(type *atomic, value_type value)                                        \
	{                                                                                                              \
		__atomic_store_n(&atomic->counter, value, __ATOMIC_RELEASE);                                           \
	}                                                                                                              \
	static inline void prefix##_add(value_type value, type *atomic)                                                \
	{                                                                                                              \
		(void)__atomic_fetch_add(&atomic->counter, value, __ATOMIC_RELAXED);                                   \
	}                                                                                                              \
	static inline void prefix##_sub(value_type value, type *atomic)                                                \
	{                                                                                                              \
		(void)__atomic_fetch_sub(&atomic->counter, value, __ATOMIC_RELAXED);                                   \
	}                                                                                                              \
	static inline void prefix##_inc(type *atomic)                                                                  \
	{                                                                                                              \
		prefix##_add(1, atomic);                                                                               \
	}                                                                                                              \
	static inline void prefix##_dec(type *atomic)                                                                  \
	{                                                                                                              \
		prefix##_sub(1, atomic);                                                                               \
	}                                                                                                              \
	static inline void prefix##_and(value_type value, type *atomic)                                                \
	{                                                                                                              \
		(void)__atomic_fetch_and(&atomic->counter, value, __ATOMIC_RELAXED);                                   \
	}                                                                                                              \
	static inline void prefix##_andnot(value_type value, type *atomic)                                             \
	{                                                                                                              \
		(void)__atomic_fetch_and(&atomic->counter, ~value, __ATOMIC_RELAXED);                                  \
	}                                                                                                              \
	static inline void prefix##_or(value_type value, type *atomic)                                                 \
	{                                                                                                              \
		(void)__atomic_fetch_or(&atomic->counter, value, __ATOMIC_RELAXED);                                    \
	}                                                                                                              \
	static inline void prefix##_xor(value_type value, type *atomic)                                                \
	{                                                                                                              \
		(void)__atomic_fetch_xor(&atomic->counter, value, __ATOMIC_RELAXED);                                   \
	}

#define MEMHP_ATOMIC_TEST(prefix, type, value_type)                                                                    \
	static inline bool prefix##_inc_and_test(type *atomic)                                                         \
	{                                                                                                              \
		return prefix##_inc_return(atomic) == 0;                                                               \
	}                                                                                                              \
	static inline bool prefix##_dec_and_test(type *atomic)                                                         \
	{                                                                                                              \
		return prefix##_dec_return(atomic) == 0;                                                               \
	}                                                                                                              \
	static inline bool prefix##_sub_and_test(value_type value, type *atomic)                                       \
	{                                                                                                              \
		return prefix##_sub_return(value, atomic) == 0;                                                        \
	}                                                                                                              \
	static inline bool prefix##_add_negative(value_type value, type *atomic)                                       \
	{                                                                                                              \
		return prefix##_add_return(value, atomic) < 0;                                                         \
	}

/* Conditional ones order nothing where they change nothing. */
#define MEMHP_ATOMIC_UNLESS(prefix, type, value_type)                                                                  \
	static inline value_type prefix##_fetch_add_unless(type *atomic, value_type value, value_type unless)          \
	{                                                                                                              \
		value_type old = prefix##_read(atomic);                                                                \
		while (old != unless && !prefix##_try_cmpxchg(atomic, &old, old + value))                              \
			;                                                                                              \
		return old;                                                                                            \
	}                                                                                                              \
	static inline bool prefix##_add_unless(type *atomic, value_type value, value_type unless)                      \
	{                                                                                                              \
		return prefix##_fetch_add_unless(atomic, value, unless) != unless;                                     \
	}                                                                                                              \
	static inline bool prefix##_inc_not_zero(type *atomic)                                                         \
	{                                                                                                              \
		return prefix##_add_unless(atomic, 1, 0);                                                              \
	}                                                                                                              \
	static inline bool prefix##_inc_unless_negative(type *atomic)                                                  \
	{                                                                                                              \
		value_type old = prefix##_read(atomic);                                                                \
		while (old >= 0 && !prefix##_try_cmpxchg(atomic, &old, old + 1))                                       \
			;                                                                                              \
		return old >= 0;                                                                                       \
	}                                                                                                              \
	static inline bool prefix##_dec_unless_positive(type *atomic)                                                  \
	{                                                                                                              \
		value_type old = prefix##_read(atomic);                                                                \
		while (old <= 0 && !prefix##_try_cmpxchg(atomic, &old, old - 1))                                       \
			;                                                                                              \
		return old <= 0;                                                                                       \
	}                                                                                                              \
	/* Returns what it would be, negative where it was left alone. */                                              \
	static inline value_type prefix##_dec_if_positive(type *atomic)                                                \
	{                                                                                                              \
		value_type old = prefix##_read(atomic);                                                                \
		while (old > 0 && !prefix##_try_cmpxchg(atomic, &old, old - 1))                                        \
			;                                                                                              \
		return old - 1;                                                                                        \
	}

/* All three types have the same functions: prefix, type of the struct, type of the value. */
#define MEMHP_ATOMIC(prefix, type, value_type)                                                                         \
	MEMHP_ATOMIC_PLAIN(prefix, type, value_type)                                                                   \
	MEMHP_ATOMIC_FORM(prefix, type, value_type, , __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)                              \
	MEMHP_ATOMIC_FORM(prefix, type, value_type, _relaxed, __ATOMIC_RELAXED, __ATOMIC_RELAXED)                      \
	MEMHP_ATOMIC_FORM(prefix, type, value_type, _acquire, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)                      \
	MEMHP_ATOMIC_FORM(prefix, type, value_type, _release, __ATOMIC_RELEASE, __ATOMIC_RELAXED)                      \
	MEMHP_ATOMIC_TEST(prefix, type, value_type)                                                                    \
	MEMHP_ATOMIC_UNLESS(prefix, type, value_type)

MEMHP_ATOMIC(atomic, atomic_t, int)
MEMHP_ATOMIC(atomic64, atomic64_t, s64)
MEMHP_ATOMIC(atomic_long, atomic_long_t, long)

/* The same of a plain variable. */
#define xchg(pointer, value) __atomic_exchange_n((pointer), (value), __ATOMIC_SEQ_CST)
#define cmpxchg(pointer, old, value)                                                                                   \
	(__extension__({                                                                                               \
		__typeof__(*(pointer)) memhp_found = (old);                                                            \
		__atomic_compare_exchange_n((pointer), &memhp_found, (value), false, __ATOMIC_SEQ_CST,                 \
					    __ATOMIC_SEQ_CST);                                                         \
		memhp_found;                                                                                           \
	}))
#define try_cmpxchg(pointer, old, value)                                                                               \
	__atomic_compare_exchange_n((pointer), (old), (value), false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

#endif
