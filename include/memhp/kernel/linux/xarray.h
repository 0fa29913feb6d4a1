/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sparse arrays of pointers and small numbers. The names that may allocate or report are macros, so that each knows its
 * place. As in the kernel a writer takes xa_lock, and a reader needs none. XA_STATE and the xas_ functions are absent.
 */
#ifndef MEMHP_LINUX_XARRAY_H
#define MEMHP_LINUX_XARRAY_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>
#include <memhp/kapi_tree.h>
#include <memhp/kapi_use.h>

struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	struct memhp_tree memhp;
};

typedef unsigned int xa_mark_t;

#define XA_MARK_0  0u
#define XA_MARK_1  1u
#define XA_MARK_2  2u
#define XA_PRESENT ((xa_mark_t)MEMHP_TREE_PRESENT)

#define XA_FLAGS_LOCK_IRQ   1u
#define XA_FLAGS_LOCK_BH    2u
#define XA_FLAGS_TRACK_FREE 4u
#define XA_FLAGS_ALLOC      XA_FLAGS_TRACK_FREE
#define XA_FLAGS_ZERO_BUSY  8u
#define XA_FLAGS_ALLOC1     (XA_FLAGS_TRACK_FREE | XA_FLAGS_ZERO_BUSY)

#define XARRAY_INIT(name, flags)                                                                                       \
	{                                                                                                              \
		.xa_flags = (flags)                                                                                    \
	}
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name)              DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name)        DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name)       DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

struct xa_limit {
	u32 max, min;
};

#define XA_LIMIT(low, high)                                                                                            \
	(struct xa_limit)                                                                                              \
	{                                                                                                              \
		.max = (high), .min = (low)                                                                            \
	}
#define xa_limit_32b XA_LIMIT(0, 0xffffffffu)
#define xa_limit_31b XA_LIMIT(0, 0x7fffffffu)
#define xa_limit_16b XA_LIMIT(0, 0xffffu)

static inline void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	*xa = (struct xarray){.xa_flags = flags};
}

static inline void xa_init(struct xarray *xa)
{
	xa_init_flags(xa, 0);
}

/* Numbers below 2^63 in the place of pointers: the lowest bit says so. */
static inline void *xa_mk_value(unsigned long value)
{
	return (void *)((value << 1) | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

/* Pointers with a tag of 0, 1 or 3 in their lowest bits; 1 makes values of them. */
static inline void *xa_tag_pointer(void *pointer, unsigned long tag)
{
	return (void *)((unsigned long)pointer | tag);
}

static inline void *xa_untag_pointer(void *entry)
{
	return (void *)((unsigned long)entry & ~3ul);
}

static inline unsigned int xa_pointer_tag(void *entry)
{
	return (unsigned long)entry & 3;
}

/* The array's own, which nobody may store: 2 in the lowest bits, errors among them. */
static inline bool memhp_xa_is_internal(const void *entry)
{
	return ((unsigned long)entry & 3) == 2;
}

static inline void *memhp_xa_error(long error)
{
	return (void *)(((unsigned long)error << 2) | 2);
}

static inline bool xa_is_err(const void *entry)
{
	return unlikely(memhp_xa_is_internal(entry) &&
			(unsigned long)entry >= (unsigned long)memhp_xa_error(-MAX_ERRNO));
}

static inline int xa_err(const void *entry)
{
	return xa_is_err(entry) ? (int)((long)entry >> 2) : 0;
}

#define xa_lock(xa)                     spin_lock(&(xa)->xa_lock)
#define xa_trylock(xa)                  spin_trylock(&(xa)->xa_lock)
#define xa_unlock(xa)                   spin_unlock(&(xa)->xa_lock)
#define xa_lock_bh(xa)                  spin_lock_bh(&(xa)->xa_lock)
#define xa_unlock_bh(xa)                spin_unlock_bh(&(xa)->xa_lock)
#define xa_lock_irq(xa)                 spin_lock_irq(&(xa)->xa_lock)
#define xa_unlock_irq(xa)               spin_unlock_irq(&(xa)->xa_lock)
#define xa_lock_irqsave(xa, flags)      spin_lock_irqsave(&(xa)->xa_lock, flags)
#define xa_unlock_irqrestore(xa, flags) spin_unlock_irqrestore(&(xa)->xa_lock, flags)

static inline void memhp_xa_lock(struct xarray *xa, const char *where)
{
	memhp_lock(&xa->xa_lock.memhp, MEMHP_LOCK_SPIN, "xa_lock", where);
}

static inline void memhp_xa_unlock(struct xarray *xa, const char *where)
{
	memhp_tree_trim(&xa->memhp, where);
	memhp_unlock(&xa->xa_lock.memhp, MEMHP_LOCK_SPIN, "xa_lock", where);
}

static inline bool memhp_xa_can_store(const void *entry, const char *where)
{
	if (likely(!memhp_xa_is_internal(entry)))
		return true;
	memhp_misuse(where, "an entry was stored in an xarray that is neither a pointer nor a value");
	return false;
}

static inline bool xa_empty(const struct xarray *xa)
{
	return !__atomic_load_n(&xa->memhp.count, __ATOMIC_RELAXED);
}

/* NULL where nothing is, and where a place is only reserved. */
static inline void *xa_load(struct xarray *xa, unsigned long index)
{
	void *entry = NULL;

	(void)memhp_tree_get(&xa->memhp, index, &entry);
	return entry;
}

/* Under xa_lock, so without sleeping, whatever @gfp says; the kernel would let the lock go meanwhile. */
static inline void *memhp_xa_store_locked(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp,
					  const char *where)
{
	void *old = NULL;
	int ret = 0;

	(void)memhp_tree_get(&xa->memhp, index, &old);
	/* NULL takes the entry away, but in an array that hands out numbers, where it keeps the place. */
	if (entry || xa->xa_flags & XA_FLAGS_TRACK_FREE)
		ret = memhp_tree_store(&xa->memhp, index, entry, gfp & ~__GFP_DIRECT_RECLAIM, where);
	else
		(void)memhp_tree_remove(&xa->memhp, index, &old, where);
	return ret < 0 ? memhp_xa_error(ret) : old;
}

static inline void *memhp_xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp, const char *where)
{
	void *old = NULL;

	if (!memhp_xa_can_store(entry, where))
		return memhp_xa_error(-EINVAL);
	/* Memory first: the lock must not sleep. */
	if (entry && !memhp_tree_get(&xa->memhp, index, &old) && memhp_tree_reserve(&xa->memhp, gfp, where) < 0)
		return memhp_xa_error(-ENOMEM);
	memhp_xa_lock(xa, where);
	old = memhp_xa_store_locked(xa, index, entry, gfp, where);
	memhp_xa_unlock(xa, where);
	return old;
}

static inline void *memhp_xa_erase_locked(struct xarray *xa, unsigned long index, const char *where)
{
	void *old = NULL;

	(void)memhp_tree_remove(&xa->memhp, index, &old, where);
	return old;
}

static inline void *memhp_xa_erase(struct xarray *xa, unsigned long index, const char *where)
{
	void *old;

	memhp_xa_lock(xa, where);
	old = memhp_xa_erase_locked(xa, index, where);
	memhp_xa_unlock(xa, where);
	return old;
}

/* -EBUSY where there is an entry or a reserved place. NULL reserves. */
static inline int memhp_xa_insert_locked(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp,
					 const char *where)
{
	void *old;

	if (!memhp_xa_can_store(entry, where))
		return -EINVAL;
	if (memhp_tree_get(&xa->memhp, index, &old))
		return -EBUSY;
	return memhp_tree_store(&xa->memhp, index, entry, gfp & ~__GFP_DIRECT_RECLAIM, where);
}

static inline int __must_check memhp_xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp,
					       const char *where)
{
	int ret = memhp_tree_reserve(&xa->memhp, gfp, where);

	if (ret < 0)
		return ret;
	memhp_xa_lock(xa, where);
	ret = memhp_xa_insert_locked(xa, index, entry, gfp, where);
	memhp_xa_unlock(xa, where);
	return ret;
}

/* Return: what was there; @entry is there now if that is @old. */
static inline void *memhp_xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp,
				     const char *where)
{
	void *found;

	if (!memhp_xa_can_store(entry, where))
		return memhp_xa_error(-EINVAL);
	if (entry && memhp_tree_reserve(&xa->memhp, gfp, where) < 0)
		return memhp_xa_error(-ENOMEM);
	memhp_xa_lock(xa, where);
	found = xa_load(xa, index);
	if (found == old) {
		void *error = memhp_xa_store_locked(xa, index, entry, gfp, where);

		found = xa_is_err(error) ? error : found;
	}
	memhp_xa_unlock(xa, where);
	return found;
}

/* 0 is never handed out by an array of XA_FLAGS_ALLOC1. Return: 0, 1: it began anew; -EBUSY, -ENOMEM, -EINVAL. */
static inline int __must_check memhp_xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next,
					      gfp_t gfp, const char *where)
{
	u32 min = limit.min || !(xa->xa_flags & XA_FLAGS_ZERO_BUSY) ? limit.min : 1;
	struct memhp_tree_range range = {.min = min, .max = limit.max, .from = next && *next > min ? *next : min};
	unsigned long index;
	int ret;

	if (!(xa->xa_flags & XA_FLAGS_TRACK_FREE)) {
		memhp_misuse(where, "a number was allocated from an xarray that is not of XA_FLAGS_ALLOC");
		return -EINVAL;
	}
	if (!memhp_xa_can_store(entry, where))
		return -EINVAL;
	ret = memhp_tree_reserve(&xa->memhp, gfp, where);
	if (ret < 0)
		return ret;
	memhp_xa_lock(xa, where);
	ret = memhp_tree_take(&xa->memhp, &range, entry, &index, gfp & ~__GFP_DIRECT_RECLAIM, where);
	memhp_xa_unlock(xa, where);
	if (ret < 0)
		return ret;
	*id = (u32)index;
	if (next)
		*next = *id + 1;
	return ret;
}

/* Frees what the array itself has; what its entries point at is the module's. */
static inline void memhp_xa_destroy(struct xarray *xa, const char *where)
{
	memhp_xa_lock(xa, where);
	memhp_tree_clear(&xa->memhp, where);
	memhp_xa_unlock(xa, where);
}

/* A place that is kept, with no entry yet: a later store there cannot fail. */
static inline int __must_check memhp_xa_reserve(struct xarray *xa, unsigned long index, gfp_t gfp, const char *where)
{
	int ret = memhp_xa_insert(xa, index, NULL, gfp, where);

	return ret == -EBUSY ? 0 : ret;
}

static inline void memhp_xa_release(struct xarray *xa, unsigned long index, const char *where)
{
	void *entry = xa;

	memhp_xa_lock(xa, where);
	if (memhp_tree_get(&xa->memhp, index, &entry) && !entry)
		(void)memhp_tree_remove(&xa->memhp, index, &entry, where);
	memhp_xa_unlock(xa, where);
}

#define xa_store(xa, index, entry, gfp)                  memhp_xa_store(xa, index, entry, gfp, MEMHP_HERE)
#define xa_erase(xa, index)                              memhp_xa_erase(xa, index, MEMHP_HERE)
#define xa_insert(xa, index, entry, gfp)                 memhp_xa_insert(xa, index, entry, gfp, MEMHP_HERE)
#define xa_cmpxchg(xa, index, old, entry, gfp)           memhp_xa_cmpxchg(xa, index, old, entry, gfp, MEMHP_HERE)
#define xa_alloc(xa, id, entry, limit, gfp)              memhp_xa_alloc(xa, id, entry, limit, NULL, gfp, MEMHP_HERE)
#define xa_alloc_cyclic(xa, id, entry, limit, next, gfp) memhp_xa_alloc(xa, id, entry, limit, next, gfp, MEMHP_HERE)
#define xa_reserve(xa, index, gfp)                       memhp_xa_reserve(xa, index, gfp, MEMHP_HERE)
#define xa_release(xa, index)                            memhp_xa_release(xa, index, MEMHP_HERE)
#define xa_destroy(xa)                                   memhp_xa_destroy(xa, MEMHP_HERE)

/* With xa_lock held, which is reported where it is not. */
#define __xa_store(xa, index, entry, gfp)                                                                              \
	(__extension__({                                                                                               \
		void *memhp_entry = (entry);                                                                           \
		lockdep_assert_held(&(xa)->xa_lock);                                                                   \
		memhp_xa_can_store(memhp_entry, MEMHP_HERE)                                                            \
			? memhp_xa_store_locked(xa, index, memhp_entry, gfp, MEMHP_HERE)                               \
			: memhp_xa_error(-EINVAL);                                                                     \
	}))
#define __xa_erase(xa, index)                                                                                          \
	(__extension__({                                                                                               \
		lockdep_assert_held(&(xa)->xa_lock);                                                                   \
		memhp_xa_erase_locked(xa, index, MEMHP_HERE);                                                          \
	}))
#define __xa_insert(xa, index, entry, gfp)                                                                             \
	(__extension__({                                                                                               \
		lockdep_assert_held(&(xa)->xa_lock);                                                                   \
		memhp_xa_insert_locked(xa, index, entry, gfp, MEMHP_HERE);                                             \
	}))

static inline void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	(void)memhp_tree_mark(&xa->memhp, index, mark, MEMHP_MARK_SET);
}

static inline void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	(void)memhp_tree_mark(&xa->memhp, index, mark, MEMHP_MARK_CLEAR);
}

static inline bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	return memhp_tree_mark(&xa->memhp, index, mark, MEMHP_MARK_GET);
}

/* The first from *@index on that is present, or has the mark; NULL and *@index left alone where there is none. */
static inline void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	void *entry = NULL;

	return memhp_tree_find(&xa->memhp, index, max, (int)filter, &entry) ? entry : NULL;
}

static inline void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	unsigned long after = *index + 1;
	void *entry = after ? xa_find(xa, &after, max, filter) : NULL;

	if (entry)
		*index = after;
	return entry;
}

static inline bool xa_marked(struct xarray *xa, xa_mark_t mark)
{
	unsigned long index = 0;

	return xa_find(xa, &index, ~0ul, mark) != NULL;
}

#define memhp_xa_for_each(xa, index, entry, start, last, filter)                                                       \
	for (index = (start), entry = xa_find(xa, &index, last, filter); entry;                                        \
	     entry = xa_find_after(xa, &index, last, filter))
#define xa_for_each_range(xa, index, entry, start, last) memhp_xa_for_each(xa, index, entry, start, last, XA_PRESENT)
#define xa_for_each_start(xa, index, entry, start)       xa_for_each_range(xa, index, entry, start, ~0ul)
#define xa_for_each(xa, index, entry)                    xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter)     memhp_xa_for_each(xa, index, entry, 0, ~0ul, filter)

#endif
