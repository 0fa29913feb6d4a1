/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small numbers for pointers (idr) and by themselves (ida). As in the kernel an idr's writers exclude each other by a
 * lock of the module's, an ida needs none. idr_preload() is absent.
 */
#ifndef MEMHP_LINUX_IDR_H
#define MEMHP_LINUX_IDR_H

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <memhp/kapi_tree.h>
#include <memhp/kapi_use.h>

struct idr {
	struct memhp_tree memhp;
	unsigned int idr_base, idr_next;
};

struct ida {
	struct memhp_tree memhp;
};

#define IDR_INIT_BASE(name, base)                                                                                      \
	{                                                                                                              \
		.idr_base = (base)                                                                                     \
	}
#define IDR_INIT(name)   IDR_INIT_BASE(name, 0)
#define DEFINE_IDR(name) struct idr name = IDR_INIT(name)
#define IDA_INIT(name)                                                                                                 \
	{                                                                                                              \
		.memhp = { 0 }                                                                                         \
	}
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)

static inline void idr_init_base(struct idr *idr, int base)
{
	*idr = (struct idr){.idr_base = (unsigned int)base};
}

static inline void idr_init(struct idr *idr)
{
	idr_init_base(idr, 0);
}

static inline bool idr_is_empty(const struct idr *idr)
{
	return !idr->memhp.count;
}

/* Return: 0, 1: begun anew; -ENOSPC, -ENOMEM. */
static inline int memhp_idr_take(struct memhp_tree *tree, const struct memhp_tree_range *range, void *pointer,
				 unsigned long *ret_id, gfp_t gfp, const char *where)
{
	int ret = range->min > range->max ? -EBUSY : memhp_tree_take(tree, range, pointer, ret_id, gfp, where);

	return ret == -EBUSY ? -ENOSPC : ret;
}

/* @end: one above the last; 0 or less: none. Return: the number; -ENOSPC, -ENOMEM, -EINVAL. */
static inline int memhp_idr_alloc(struct idr *idr, void *pointer, int start, int end, gfp_t gfp, const char *where)
{
	unsigned long min = (unsigned long)(start > (int)idr->idr_base ? start : (int)idr->idr_base);
	struct memhp_tree_range range = {.min = min, .max = end > 0 ? (unsigned long)end - 1 : 0x7fffffff, .from = min};
	unsigned long id;
	int ret;

	if (start < 0) {
		memhp_misuse(where, "idr_alloc() from %d: a number is not negative", start);
		return -EINVAL;
	}
	ret = memhp_idr_take(&idr->memhp, &range, pointer, &id, gfp, where);
	return ret < 0 ? ret : (int)id;
}

/* From the number after the last one given on. */
static inline int memhp_idr_alloc_cyclic(struct idr *idr, void *pointer, int start, int end, gfp_t gfp,
					 const char *where)
{
	unsigned long min = (unsigned long)(start > (int)idr->idr_base ? start : (int)idr->idr_base);
	struct memhp_tree_range range = {.min = min, .max = end > 0 ? (unsigned long)end - 1 : 0x7fffffff};
	unsigned long id;
	int ret;

	range.from = idr->idr_next > min && idr->idr_next <= range.max ? idr->idr_next : min;
	ret = memhp_idr_take(&idr->memhp, &range, pointer, &id, gfp, where);
	if (ret < 0)
		return ret;
	idr->idr_next = (unsigned int)id + 1;
	return (int)id;
}

/* From *@id on to @max, both included. */
static inline int __must_check memhp_idr_alloc_u32(struct idr *idr, void *pointer, u32 *id, unsigned long max,
						   gfp_t gfp, const char *where)
{
	struct memhp_tree_range range = {.min = *id, .max = max, .from = *id};
	unsigned long found;
	int ret = memhp_idr_take(&idr->memhp, &range, pointer, &found, gfp, where);

	if (ret == 0)
		*id = (u32)found;
	return ret;
}

static inline void *idr_find(const struct idr *idr, unsigned long id)
{
	void *pointer = NULL;

	(void)memhp_tree_get((struct memhp_tree *)&idr->memhp, id, &pointer);
	return pointer;
}

/* Return: what it stood for; NULL: nothing. */
static inline void *memhp_idr_remove(struct idr *idr, unsigned long id, const char *where)
{
	void *pointer = NULL;

	(void)memhp_tree_remove(&idr->memhp, id, &pointer, where);
	return pointer;
}

/* Return: what it stood for; ERR_PTR(-ENOENT): nothing. */
static inline void *memhp_idr_replace(struct idr *idr, void *pointer, unsigned long id, const char *where)
{
	void *old;

	if (!memhp_tree_get(&idr->memhp, id, &old))
		return ERR_PTR(-ENOENT);
	(void)memhp_tree_store(&idr->memhp, id, pointer, 0, where);
	return old;
}

static inline void *idr_get_next_ul(struct idr *idr, unsigned long *id)
{
	void *pointer;

	return memhp_tree_find(&idr->memhp, id, ~0ul, MEMHP_TREE_PRESENT, &pointer) ? pointer : NULL;
}

static inline void *idr_get_next(struct idr *idr, int *id)
{
	unsigned long next = (unsigned long)*id;
	void *pointer = idr_get_next_ul(idr, &next);

	if (pointer)
		*id = (int)next;
	return pointer;
}

/* Until @call gives what is not 0, which is returned. */
static inline int idr_for_each(const struct idr *idr, int (*call)(int id, void *pointer, void *data), void *data)
{
	struct memhp_tree *tree = (struct memhp_tree *)&idr->memhp;
	unsigned long id = 0;
	void *pointer;
	int ret = 0;

	for (; !ret && memhp_tree_find(tree, &id, 0x7fffffff, MEMHP_TREE_TAKEN, &pointer); id++)
		ret = call((int)id, pointer, data);
	return ret;
}

#define idr_alloc(idr, pointer, start, end, gfp) memhp_idr_alloc(idr, pointer, start, end, gfp, MEMHP_HERE)
#define idr_alloc_cyclic(idr, pointer, start, end, gfp)                                                                \
	memhp_idr_alloc_cyclic(idr, pointer, start, end, gfp, MEMHP_HERE)
#define idr_alloc_u32(idr, pointer, id, max, gfp) memhp_idr_alloc_u32(idr, pointer, id, max, gfp, MEMHP_HERE)
#define idr_remove(idr, id)                       memhp_idr_remove(idr, id, MEMHP_HERE)
#define idr_replace(idr, pointer, id)             memhp_idr_replace(idr, pointer, id, MEMHP_HERE)
/* What the numbers stand for is the module's. */
#define idr_destroy(idr) memhp_tree_clear(&(idr)->memhp, MEMHP_HERE)

#define idr_for_each_entry(idr, entry, id)                                                                             \
	for (id = 0; ((entry) = (__typeof__(entry))idr_get_next((idr), &(id))) != NULL; ++id)
#define idr_for_each_entry_ul(idr, entry, unused, id)                                                                  \
	for (unused = 0, id = 0; (void)(unused), ((entry) = (__typeof__(entry))idr_get_next_ul((idr), &(id))) != NULL; \
	     ++id)
#define idr_for_each_entry_continue(idr, entry, id)                                                                    \
	for (; ((entry) = (__typeof__(entry))idr_get_next((idr), &(id))) != NULL; ++id)

static inline void ida_init(struct ida *ida)
{
	*ida = (struct ida)IDA_INIT(ida);
}

static inline bool ida_is_empty(const struct ida *ida)
{
	return !__atomic_load_n(&ida->memhp.count, __ATOMIC_RELAXED);
}

/* @max included. Return: the number; -ENOSPC, -ENOMEM. */
static inline int memhp_ida_alloc(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp, const char *where)
{
	unsigned long last = max > 0x7fffffff ? 0x7fffffff : max, id;
	struct memhp_tree_range range = {.min = min, .max = last, .from = min};
	int ret = memhp_idr_take(&ida->memhp, &range, NULL, &id, gfp, where);

	return ret < 0 ? ret : (int)id;
}

static inline void memhp_ida_free(struct ida *ida, unsigned int id, const char *where)
{
	void *nothing;

	if (!memhp_tree_remove(&ida->memhp, id, &nothing, where))
		memhp_misuse(where, "ida_free() of %u, which is not allocated", id);
}

#define ida_alloc_range(ida, min, max, gfp) memhp_ida_alloc(ida, min, max, gfp, MEMHP_HERE)
#define ida_alloc(ida, gfp)                 memhp_ida_alloc(ida, 0, ~0u, gfp, MEMHP_HERE)
#define ida_alloc_min(ida, min, gfp)        memhp_ida_alloc(ida, min, ~0u, gfp, MEMHP_HERE)
#define ida_alloc_max(ida, max, gfp)        memhp_ida_alloc(ida, 0, max, gfp, MEMHP_HERE)
#define ida_free(ida, id)                   memhp_ida_free(ida, id, MEMHP_HERE)
#define ida_destroy(ida)                    memhp_tree_clear(&(ida)->memhp, MEMHP_HERE)

#endif
