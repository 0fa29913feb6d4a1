/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The map from numbers to entries behind <linux/xarray.h> and <linux/idr.h>. A place that is taken may hold NULL.
 *
 * Each function is one step for other threads: a lock of the map's own, which is held in none of the caller's code.
 */
#ifndef MEMHP_KAPI_TREE_H
#define MEMHP_KAPI_TREE_H

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

struct memhp_tree_slot;

/* All zero is empty. */
struct memhp_tree {
	unsigned lock;
	unsigned long count, room;     /* slots in use, and allocated; under lock */
	struct memhp_tree_slot *slots; /* by ascending index; of the module's ledger, NULL while empty */
};

/* What memhp_tree_find() looks for: a mark, 0 to 2, or: */
#define MEMHP_TREE_PRESENT 8  /* what is not NULL */
#define MEMHP_TREE_TAKEN   16 /* any place that is taken */

/* Room for one more, so that the next store may be made where the caller must not sleep. 0; -ENOMEM. */
MEMHP_EXPORT int memhp_tree_reserve(struct memhp_tree *tree, unsigned gfp, const char *where);
/* Gives back what was made ready in a tree that stayed empty. */
MEMHP_EXPORT void memhp_tree_trim(struct memhp_tree *tree, const char *where);
/* 0; -ENOMEM. What is there already is replaced, and keeps its marks. */
MEMHP_EXPORT int memhp_tree_store(struct memhp_tree *tree, unsigned long index, void *entry, unsigned gfp,
				  const char *where);
/* 1 and the entry; 0: the place is not taken. */
MEMHP_EXPORT int memhp_tree_get(struct memhp_tree *tree, unsigned long index, void **ret_entry);
MEMHP_EXPORT int memhp_tree_remove(struct memhp_tree *tree, unsigned long index, void **ret_entry, const char *where);
/* 1, the first from *@index to @max and its number; 0: none. */
MEMHP_EXPORT int memhp_tree_find(struct memhp_tree *tree, unsigned long *index, unsigned long max, int what,
				 void **ret_entry);

struct memhp_tree_range {
	unsigned long min, max, from; /* looked at from @from to @max, then from @min to before @from */
};

/* Takes a free place: 0; 1: behind @from there was none; -EBUSY: there is none; -ENOMEM. */
MEMHP_EXPORT int memhp_tree_take(struct memhp_tree *tree, const struct memhp_tree_range *range, void *entry,
				 unsigned long *ret_index, unsigned gfp, const char *where);

enum { MEMHP_MARK_GET, MEMHP_MARK_SET, MEMHP_MARK_CLEAR };
/* Whether it is, or was, set; a place that holds nothing has no marks. */
MEMHP_EXPORT int memhp_tree_mark(struct memhp_tree *tree, unsigned long index, unsigned mark, int what);
/* Forgets all; what the entries point at is the caller's. */
MEMHP_EXPORT void memhp_tree_clear(struct memhp_tree *tree, const char *where);

#ifdef __cplusplus
}
#endif

#endif
