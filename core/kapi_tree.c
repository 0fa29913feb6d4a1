/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sorted array: found by halving, and an entry in the middle moves those behind it. The kernel's maps are trees; what
 * a module sees of them is the same.
 *
 * tree->lock guards all of a tree. It is a spinning word because it lies in the module's memory, often static; nothing
 * waits under it but for memory from libc.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <memhp/kapi_tree.h>

#include "base/sync.h"
#include "core/kapi_alloc.h"
#include "core/kapi_count.h"

#define ROOM_FIRST 8

struct memhp_tree_slot {
	unsigned long index;
	void *entry;
	unsigned marks;
};

static void lock_tree(struct memhp_tree *tree)
{
	unsigned turns = 0;

	/* Acquire pairs with the release below: what the last holder did to the slots is seen. */
	while (__atomic_exchange_n(&tree->lock, 1, __ATOMIC_ACQUIRE))
		mh_spin_turn(&turns);
}

static void unlock_tree(struct memhp_tree *tree)
{
	__atomic_store_n(&tree->lock, 0, __ATOMIC_RELEASE);
}

/* The first slot whose index is not below @index; tree->count: none. */
static unsigned long position_of(const struct memhp_tree *tree, unsigned long index)
{
	unsigned long low = 0, high = tree->count;

	while (low < high) {
		unsigned long middle = low + (high - low) / 2;

		if (tree->slots[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct memhp_tree_slot *slot_of(const struct memhp_tree *tree, unsigned long index)
{
	unsigned long at = position_of(tree, index);

	return at < tree->count && tree->slots[at].index == index ? &tree->slots[at] : NULL;
}

static int grow(struct memhp_tree *tree, unsigned gfp, const char *where)
{
	unsigned long room = tree->room ? 2 * tree->room : ROOM_FIRST;
	struct memhp_tree_slot *slots;

	if (tree->count < tree->room)
		return 0;
	slots = mh_kapi_realloc(tree->slots, room * sizeof(*slots), gfp, where);
	if (!slots)
		return -ENOMEM;
	tree->slots = slots;
	tree->room = room;
	return 0;
}

static int insert(struct memhp_tree *tree, unsigned long index, void *entry, unsigned gfp, const char *where)
{
	unsigned long at = position_of(tree, index);

	if (grow(tree, gfp, where) < 0)
		return -ENOMEM;
	memmove(&tree->slots[at + 1], &tree->slots[at], (tree->count - at) * sizeof(tree->slots[0]));
	tree->slots[at] = (struct memhp_tree_slot){.index = index, .entry = entry};
	tree->count++;
	return 0;
}

/* An empty one has no memory: the kernel's has none then, and no module frees it. */
static void forget(struct memhp_tree *tree, const char *where)
{
	memhp_free(tree->slots, where);
	tree->slots = NULL;
	tree->count = tree->room = 0;
}

int memhp_tree_reserve(struct memhp_tree *tree, unsigned gfp, const char *where)
{
	int ret;

	lock_tree(tree);
	ret = grow(tree, gfp, where);
	unlock_tree(tree);
	return ret;
}

void memhp_tree_trim(struct memhp_tree *tree, const char *where)
{
	lock_tree(tree);
	if (!tree->count && tree->slots)
		forget(tree, where);
	unlock_tree(tree);
}

int memhp_tree_store(struct memhp_tree *tree, unsigned long index, void *entry, unsigned gfp, const char *where)
{
	struct memhp_tree_slot *slot;
	int ret = 0;

	mh_kapi_count(MH_KAPI_CALL_XA_STORE);
	lock_tree(tree);
	slot = slot_of(tree, index);
	if (slot)
		slot->entry = entry;
	else
		ret = insert(tree, index, entry, gfp, where);
	unlock_tree(tree);
	return ret;
}

int memhp_tree_get(struct memhp_tree *tree, unsigned long index, void **ret_entry)
{
	const struct memhp_tree_slot *slot;

	lock_tree(tree);
	slot = slot_of(tree, index);
	if (slot)
		*ret_entry = slot->entry;
	unlock_tree(tree);
	return slot != NULL;
}

int memhp_tree_remove(struct memhp_tree *tree, unsigned long index, void **ret_entry, const char *where)
{
	struct memhp_tree_slot *slot;

	lock_tree(tree);
	slot = slot_of(tree, index);
	if (slot) {
		*ret_entry = slot->entry;
		tree->count--;
		memmove(slot, slot + 1, (size_t)(&tree->slots[tree->count] - slot) * sizeof(*slot));
		if (!tree->count)
			forget(tree, where);
	}
	unlock_tree(tree);
	return slot != NULL;
}

static bool is_wanted(const struct memhp_tree_slot *slot, int what)
{
	if (what == MEMHP_TREE_TAKEN)
		return true;
	return slot->entry && (what == MEMHP_TREE_PRESENT || slot->marks >> what & 1);
}

int memhp_tree_find(struct memhp_tree *tree, unsigned long *index, unsigned long max, int what, void **ret_entry)
{
	bool found = false;

	lock_tree(tree);
	for (unsigned long at = position_of(tree, *index); at < tree->count && tree->slots[at].index <= max; at++) {
		if (!is_wanted(&tree->slots[at], what))
			continue;
		*index = tree->slots[at].index;
		*ret_entry = tree->slots[at].entry;
		found = true;
		break;
	}
	unlock_tree(tree);
	return found;
}

/* The lowest free number from @from to @max. */
static bool find_free(const struct memhp_tree *tree, unsigned long from, unsigned long max, unsigned long *ret_index)
{
	for (unsigned long at = position_of(tree, from); at < tree->count && tree->slots[at].index == from; at++) {
		if (from >= max)
			return false;
		from++;
	}
	*ret_index = from;
	return from <= max;
}

int memhp_tree_take(struct memhp_tree *tree, const struct memhp_tree_range *range, void *entry,
		    unsigned long *ret_index, unsigned gfp, const char *where)
{
	unsigned long index;
	int ret = 0;

	mh_kapi_count(MH_KAPI_CALL_XA_ALLOC);
	lock_tree(tree);
	if (!find_free(tree, range->from, range->max, &index)) {
		ret = 1;
		if (range->from <= range->min || !find_free(tree, range->min, range->from - 1, &index))
			ret = -EBUSY;
	}
	if (ret >= 0 && insert(tree, index, entry, gfp, where) < 0)
		ret = -ENOMEM;
	if (ret >= 0)
		*ret_index = index;
	unlock_tree(tree);
	return ret;
}

int memhp_tree_mark(struct memhp_tree *tree, unsigned long index, unsigned mark, int what)
{
	struct memhp_tree_slot *slot;
	int was_set = 0;

	lock_tree(tree);
	slot = slot_of(tree, index);
	if (slot && slot->entry) {
		was_set = slot->marks >> mark & 1;
		if (what == MEMHP_MARK_SET)
			slot->marks |= 1u << mark;
		else if (what == MEMHP_MARK_CLEAR)
			slot->marks &= ~(1u << mark);
	}
	unlock_tree(tree);
	return was_set;
}

void memhp_tree_clear(struct memhp_tree *tree, const char *where)
{
	lock_tree(tree);
	forget(tree, where);
	unlock_tree(tree);
}
