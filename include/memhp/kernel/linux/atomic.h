/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * atomic_t and atomic64_t with the kernel's rule of ordering: what returns a value and changes one is a full barrier,
 * what does only one of the two orders nothing (Documentation/atomic_t.txt). The full barrier is sequential
 * consistency.
 */
#ifndef MEMHP_LINUX_ATOMIC_H
#define MEMHP_LINUX_ATOMIC_H

#include <linux/memhp_types.h>

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

#define ATOMIC_INIT(value)                                                                                             \
	{                                                                                                              \
		(value)                                                                                                \
	}
#define ATOMIC64_INIT(value)                                                                                           \
	{                                                                                                              \
		(value)                                                                                                \
	}

/* Both types have the same functions: prefix, type of the struct, type of the value. */
#define MEMHP_ATOMIC(prefix, type, value_type)                                                                         \
	static inline value_type prefix##_read(const type *atomic)                                                     \
	{                                                                                                              \
		return __atomic_load_n(&atomic->counter, __ATOMIC_RELAXED);                                            \
	}                                                                                                              \
	static inline void prefix##_set(type *atomic, value_type value)                                                \
	{                                                                                                              \
		__atomic_store_n(&atomic->counter, value, __ATOMIC_RELAXED);                                           \
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
	static inline value_type prefix##_add_return(value_type value, type *atomic)                                   \
	{                                                                                                              \
		return __atomic_add_fetch(&atomic->counter, value, __ATOMIC_SEQ_CST);                                  \
	}                                                                                                              \
	static inline value_type prefix##_sub_return(value_type value, type *atomic)                                   \
	{                                                                                                              \
		return __atomic_sub_fetch(&atomic->counter, value, __ATOMIC_SEQ_CST);                                  \
	}                                                                                                              \
	static inline value_type prefix##_inc_return(type *atomic)                                                     \
	{                                                                                                              \
		return prefix##_add_return(1, atomic);                                                                 \
	}                                                                                                              \
	static inline value_type prefix##_dec_return(type *atomic)                                                     \
	{                                                                                                              \
		return prefix##_sub_return(1, atomic);                                                                 \
	}                                                                                                              \
	static inline bool prefix##_dec_and_test(type *atomic)                                                         \
	{                                                                                                              \
		return prefix##_dec_return(atomic) == 0;                                                               \
	}                                                                                                              \
	static inline value_type prefix##_xchg(type *atomic, value_type value)                                         \
	{                                                                                                              \
		return __atomic_exchange_n(&atomic->counter, value, __ATOMIC_SEQ_CST);                                 \
	}                                                                                                              \
	/* Returns what was there; equal to @old means that @value is there now. */                                    \
	static inline value_type prefix##_cmpxchg(type *atomic, value_type old, value_type value)                      \
	{                                                                                                              \
		__atomic_compare_exchange_n(&atomic->counter, &old, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
		return old;                                                                                            \
	}

MEMHP_ATOMIC(atomic, atomic_t, int)
MEMHP_ATOMIC(atomic64, atomic64_t, s64)

#endif
