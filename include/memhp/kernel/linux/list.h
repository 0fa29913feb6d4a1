/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Doubly linked rings with a head, and hash lists whose head is one pointer. As in a kernel with CONFIG_DEBUG_LIST, an
 * entry added or deleted where its neighbours do not know it is reported, with its place, and left alone.
 */
#ifndef MEMHP_LINUX_LIST_H
#define MEMHP_LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/memhp_types.h>
#include <linux/poison.h>
#include <memhp/kapi_use.h>

#define LIST_HEAD_INIT(name)                                                                                           \
	{                                                                                                              \
		&(name), &(name)                                                                                       \
	}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	WRITE_ONCE(list->prev, list);
}

/* Whether @prev and @next are neighbours that @entry, which is in no list, may come between. */
static inline bool memhp_list_can_add(const struct list_head *entry, const struct list_head *prev,
				      const struct list_head *next, const char *where)
{
	const char *fault = NULL;

	if (!prev || !next)
		fault = "a list entry was added beside one that was never initialised";
	else if (prev == LIST_POISON2 || next == LIST_POISON1)
		fault = "a list entry was added beside one that is in no list";
	else if (next->prev != prev || prev->next != next)
		fault = "a list entry was added where the list is broken";
	else if (entry == prev || entry == next)
		fault = "a list entry was added to the list that it is in";
	if (unlikely(fault))
		memhp_misuse(where, "%s", fault);
	return !fault;
}

static inline bool memhp_list_can_del(const struct list_head *entry, const char *where)
{
	const struct list_head *next = entry->next, *prev = entry->prev;
	const char *fault = NULL;

	if (!next || !prev)
		fault = "a list entry was deleted that was never in a list";
	else if (next == LIST_POISON1 || prev == LIST_POISON2)
		fault = "a list entry was deleted twice";
	else if (next->prev != entry || prev->next != entry)
		fault = "a list entry was deleted from a list that does not hold it";
	if (unlikely(fault))
		memhp_misuse(where, "%s", fault);
	return !fault;
}

static inline void memhp_list_join(struct list_head *prev, struct list_head *next)
{
	next->prev = prev;
	/*
	 * Release: a reader under RCU may find @next by this link first, and must find it whole, however it was
	 * published. Relaxed, the link could be seen before what @next was filled with.
	 */
	__atomic_store_n(&prev->next, next, __ATOMIC_RELEASE);
}

static inline void memhp_list_add(struct list_head *entry, struct list_head *prev, struct list_head *next,
				  const char *where)
{
	if (!memhp_list_can_add(entry, prev, next, where))
		return;
	next->prev = entry;
	entry->next = next;
	entry->prev = prev;
	WRITE_ONCE(prev->next, entry);
}

/* Return: whether it was in a list; its own links stay as they are. */
static inline bool memhp_list_unlink(struct list_head *entry, const char *where)
{
	if (!memhp_list_can_del(entry, where))
		return false;
	memhp_list_join(entry->prev, entry->next);
	return true;
}

static inline void memhp_list_del(struct list_head *entry, const char *where)
{
	if (!memhp_list_unlink(entry, where))
		return;
	entry->next = (struct list_head *)LIST_POISON1;
	entry->prev = (struct list_head *)LIST_POISON2;
}

static inline void memhp_list_del_init(struct list_head *entry, const char *where)
{
	(void)memhp_list_unlink(entry, where);
	INIT_LIST_HEAD(entry);
}

static inline void memhp_list_move(struct list_head *entry, struct list_head *prev, struct list_head *next,
				   const char *where)
{
	/* Beside itself it stays where it is. */
	if (entry == prev || entry == next || !memhp_list_unlink(entry, where))
		return;
	memhp_list_add(entry, prev, next, where);
}

#define __list_add(entry, prev, next) memhp_list_add(entry, prev, next, MEMHP_HERE)
#define __list_del_entry(entry)       ((void)memhp_list_unlink(entry, MEMHP_HERE))

#define list_add(entry, head)                                                                                          \
	(__extension__({                                                                                               \
		struct list_head *memhp_at = (head);                                                                   \
		memhp_list_add(entry, memhp_at, memhp_at->next, MEMHP_HERE);                                           \
	}))
#define list_add_tail(entry, head)                                                                                     \
	(__extension__({                                                                                               \
		struct list_head *memhp_at = (head);                                                                   \
		memhp_list_add(entry, memhp_at->prev, memhp_at, MEMHP_HERE);                                           \
	}))
#define list_del(entry)      memhp_list_del(entry, MEMHP_HERE)
#define list_del_init(entry) memhp_list_del_init(entry, MEMHP_HERE)
#define list_move(entry, head)                                                                                         \
	(__extension__({                                                                                               \
		struct list_head *memhp_at = (head);                                                                   \
		memhp_list_move(entry, memhp_at, memhp_at->next, MEMHP_HERE);                                          \
	}))
#define list_move_tail(entry, head)                                                                                    \
	(__extension__({                                                                                               \
		struct list_head *memhp_at = (head);                                                                   \
		memhp_list_move(entry, memhp_at->prev, memhp_at, MEMHP_HERE);                                          \
	}))

static inline int list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

/* Both links, for whoever pairs it with list_del_init_careful(): the entry's deletion is then over. */
static inline int list_empty_careful(const struct list_head *head)
{
	const struct list_head *next = __atomic_load_n(&head->next, __ATOMIC_ACQUIRE);

	return next == head && next == READ_ONCE(head->prev);
}

static inline int list_is_first(const struct list_head *entry, const struct list_head *head)
{
	return entry->prev == head;
}

static inline int list_is_last(const struct list_head *entry, const struct list_head *head)
{
	return entry->next == head;
}

static inline int list_is_head(const struct list_head *entry, const struct list_head *head)
{
	return entry == head;
}

static inline int list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

static inline void list_replace(struct list_head *old, struct list_head *entry)
{
	entry->next = old->next;
	entry->next->prev = entry;
	entry->prev = old->prev;
	entry->prev->next = entry;
}

static inline void list_replace_init(struct list_head *old, struct list_head *entry)
{
	list_replace(old, entry);
	INIT_LIST_HEAD(old);
}

static inline void list_swap(struct list_head *a, struct list_head *b)
{
	struct list_head *before = b->prev;

	(void)memhp_list_unlink(b, MEMHP_HERE);
	list_replace(a, b);
	if (before == a)
		before = b;
	memhp_list_add(a, before, before->next, MEMHP_HERE);
}

static inline void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

static inline void list_rotate_to_front(struct list_head *entry, struct list_head *head)
{
	list_move_tail(head, entry);
}

static inline void list_bulk_move_tail(struct list_head *head, struct list_head *first, struct list_head *last)
{
	memhp_list_join(first->prev, last->next);
	memhp_list_join(head->prev, first);
	memhp_list_join(last, head);
}

/* All entries of @list between @prev and @next; @list itself is left as it was. */
static inline void memhp_list_splice(const struct list_head *list, struct list_head *prev, struct list_head *next)
{
	struct list_head *first = list->next, *last = list->prev;

	if (list_empty(list))
		return;
	memhp_list_join(prev, first);
	memhp_list_join(last, next);
}

static inline void list_splice(const struct list_head *list, struct list_head *head)
{
	memhp_list_splice(list, head, head->next);
}

static inline void list_splice_tail(struct list_head *list, struct list_head *head)
{
	memhp_list_splice(list, head->prev, head);
}

static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	list_splice(list, head);
	INIT_LIST_HEAD(list);
}

static inline void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	list_splice_tail(list, head);
	INIT_LIST_HEAD(list);
}

/* What comes before @entry goes to @list, which held nothing worth keeping. */
static inline void list_cut_before(struct list_head *list, struct list_head *head, struct list_head *entry)
{
	if (head->next == entry) {
		INIT_LIST_HEAD(list);
		return;
	}
	memhp_list_join(list, head->next);
	memhp_list_join(entry->prev, list);
	memhp_list_join(head, entry);
}

/* @entry and what comes before it. */
static inline void list_cut_position(struct list_head *list, struct list_head *head, struct list_head *entry)
{
	if (!list_empty(head))
		list_cut_before(list, head, entry->next);
}

static inline size_t list_count_nodes(struct list_head *head)
{
	size_t count = 0;

	for (const struct list_head *entry = head->next; entry != head; entry = entry->next)
		count++;
	return count;
}

#define list_entry(pointer, type, member)          container_of(pointer, type, member)
#define list_first_entry(head, type, member)       list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)        list_entry((head)->prev, type, member)
#define list_next_entry(position, member)          list_entry((position)->member.next, __typeof__(*(position)), member)
#define list_prev_entry(position, member)          list_entry((position)->member.prev, __typeof__(*(position)), member)
#define list_entry_is_head(position, head, member) (&(position)->member == (head))
#define list_first_entry_or_null(head, type, member)                                                                   \
	(__extension__({                                                                                               \
		struct list_head *memhp_head = (head);                                                                 \
		struct list_head *memhp_first = READ_ONCE(memhp_head->next);                                           \
		memhp_first != memhp_head ? list_entry(memhp_first, type, member) : NULL;                              \
	}))
#define list_next_entry_circular(position, head, member)                                                               \
	(list_is_last(&(position)->member, head) ? list_first_entry(head, __typeof__(*(position)), member)             \
						 : list_next_entry(position, member))
#define list_prev_entry_circular(position, head, member)                                                               \
	(list_is_first(&(position)->member, head) ? list_last_entry(head, __typeof__(*(position)), member)             \
						  : list_prev_entry(position, member))

#define list_for_each(position, head)                                                                                  \
	for (position = (head)->next; !list_is_head(position, (head)); position = position->next)
#define list_for_each_continue(position, head)                                                                         \
	for (position = position->next; !list_is_head(position, (head)); position = position->next)
#define list_for_each_prev(position, head)                                                                             \
	for (position = (head)->prev; !list_is_head(position, (head)); position = position->prev)
#define list_for_each_safe(position, after, head)                                                                      \
	for (position = (head)->next, after = position->next; !list_is_head(position, (head));                         \
	     position = after, after = position->next)
#define list_for_each_prev_safe(position, after, head)                                                                 \
	for (position = (head)->prev, after = position->prev; !list_is_head(position, (head));                         \
	     position = after, after = position->prev)

#define memhp_list_from(position, head, member, step)                                                                  \
	for (; !list_entry_is_head(position, head, member); position = step(position, member))
#define memhp_list_safe_from(position, after, head, member, step)                                                      \
	for (after = step(position, member); !list_entry_is_head(position, head, member);                              \
	     position = after, after = step(after, member))

#define list_for_each_entry(position, head, member)                                                                    \
	for (position = list_first_entry(head, __typeof__(*position), member);                                         \
	     !list_entry_is_head(position, head, member); position = list_next_entry(position, member))
#define list_for_each_entry_reverse(position, head, member)                                                            \
	for (position = list_last_entry(head, __typeof__(*position), member);                                          \
	     !list_entry_is_head(position, head, member); position = list_prev_entry(position, member))
#define list_prepare_entry(position, head, member)                                                                     \
	((position) ? (position) : list_entry(head, __typeof__(*(position)), member))
#define list_for_each_entry_continue(position, head, member)                                                           \
	for (position = list_next_entry(position, member); !list_entry_is_head(position, head, member);                \
	     position = list_next_entry(position, member))
#define list_for_each_entry_continue_reverse(position, head, member)                                                   \
	for (position = list_prev_entry(position, member); !list_entry_is_head(position, head, member);                \
	     position = list_prev_entry(position, member))
#define list_for_each_entry_from(position, head, member) memhp_list_from(position, head, member, list_next_entry)
#define list_for_each_entry_from_reverse(position, head, member)                                                       \
	memhp_list_from(position, head, member, list_prev_entry)
#define list_for_each_entry_safe(position, after, head, member)                                                        \
	for (position = list_first_entry(head, __typeof__(*position), member),                                         \
	    after = list_next_entry(position, member);                                                                 \
	     !list_entry_is_head(position, head, member); position = after, after = list_next_entry(after, member))
#define list_for_each_entry_safe_reverse(position, after, head, member)                                                \
	for (position = list_last_entry(head, __typeof__(*position), member),                                          \
	    after = list_prev_entry(position, member);                                                                 \
	     !list_entry_is_head(position, head, member); position = after, after = list_prev_entry(after, member))
#define list_for_each_entry_safe_continue(position, after, head, member)                                               \
	for (position = list_next_entry(position, member), after = list_next_entry(position, member);                  \
	     !list_entry_is_head(position, head, member); position = after, after = list_next_entry(after, member))
#define list_for_each_entry_safe_from(position, after, head, member)                                                   \
	memhp_list_safe_from(position, after, head, member, list_next_entry)
#define list_safe_reset_next(position, after, member) after = list_next_entry(position, member)

/* Hash lists. */
#define HLIST_HEAD_INIT                                                                                                \
	{                                                                                                              \
		.first = NULL                                                                                          \
	}
#define HLIST_HEAD(name)         struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(pointer) ((void)((pointer)->first = NULL))

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

static inline int hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

static inline int hlist_unhashed_lockless(const struct hlist_node *node)
{
	return !READ_ONCE(node->pprev);
}

static inline int hlist_empty(const struct hlist_head *head)
{
	return !READ_ONCE(head->first);
}

/* Puts @node where @link points. */
static inline void memhp_hlist_link(struct hlist_node *node, struct hlist_node **link)
{
	struct hlist_node *next = *link;

	node->next = next;
	if (next)
		WRITE_ONCE(next->pprev, &node->next);
	WRITE_ONCE(node->pprev, link);
	WRITE_ONCE(*link, node);
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	memhp_hlist_link(node, &head->first);
}

static inline void hlist_add_before(struct hlist_node *node, struct hlist_node *next)
{
	memhp_hlist_link(node, next->pprev);
}

static inline void hlist_add_behind(struct hlist_node *node, struct hlist_node *prev)
{
	memhp_hlist_link(node, &prev->next);
}

/* In no list, and yet hlist_del() may be called. */
static inline void hlist_add_fake(struct hlist_node *node)
{
	node->pprev = &node->next;
}

static inline bool hlist_fake(const struct hlist_node *node)
{
	return node->pprev == &node->next;
}

static inline bool hlist_is_singular_node(const struct hlist_node *node, const struct hlist_head *head)
{
	return !node->next && node->pprev == &head->first;
}

static inline bool memhp_hlist_unlink(struct hlist_node *node, const char *where)
{
	const char *fault = NULL;

	if (!node->pprev)
		fault = "a hash list's node was deleted that is in no list";
	else if (node->pprev == LIST_POISON2)
		fault = "a hash list's node was deleted twice";
	if (unlikely(fault)) {
		memhp_misuse(where, "%s", fault);
		return false;
	}
	/* Release: as memhp_list_join(). */
	__atomic_store_n(node->pprev, node->next, __ATOMIC_RELEASE);
	if (node->next)
		WRITE_ONCE(node->next->pprev, node->pprev);
	return true;
}

static inline void memhp_hlist_del(struct hlist_node *node, const char *where)
{
	if (!memhp_hlist_unlink(node, where))
		return;
	node->next = (struct hlist_node *)LIST_POISON1;
	node->pprev = (struct hlist_node **)LIST_POISON2;
}

#define hlist_del(node) memhp_hlist_del(node, MEMHP_HERE)

static inline void memhp_hlist_del_init(struct hlist_node *node, const char *where)
{
	/* As in the kernel this may be called of a node that is in no list. */
	if (hlist_unhashed(node))
		return;
	(void)memhp_hlist_unlink(node, where);
	INIT_HLIST_NODE(node);
}

#define hlist_del_init(node) memhp_hlist_del_init(node, MEMHP_HERE)

static inline void hlist_move_list(struct hlist_head *old, struct hlist_head *head)
{
	head->first = old->first;
	if (head->first)
		head->first->pprev = &head->first;
	old->first = NULL;
}

#define hlist_entry(pointer, type, member) container_of(pointer, type, member)
#define hlist_entry_safe(pointer, type, member)                                                                        \
	(__extension__({                                                                                               \
		__typeof__(pointer) memhp_node = (pointer);                                                            \
		memhp_node ? hlist_entry(memhp_node, type, member) : NULL;                                             \
	}))

#define hlist_for_each(position, head) for (position = (head)->first; position; position = position->next)
#define hlist_for_each_safe(position, after, head)                                                                     \
	for (position = (head)->first; position && ((after = position->next), 1); position = after)
#define hlist_for_each_entry(position, head, member)                                                                   \
	for (position = hlist_entry_safe((head)->first, __typeof__(*(position)), member); position;                    \
	     position = hlist_entry_safe((position)->member.next, __typeof__(*(position)), member))
#define hlist_for_each_entry_continue(position, member)                                                                \
	for (position = hlist_entry_safe((position)->member.next, __typeof__(*(position)), member); position;          \
	     position = hlist_entry_safe((position)->member.next, __typeof__(*(position)), member))
#define hlist_for_each_entry_from(position, member)                                                                    \
	for (; position; position = hlist_entry_safe((position)->member.next, __typeof__(*(position)), member))
#define hlist_for_each_entry_safe(position, after, head, member)                                                       \
	for (position = hlist_entry_safe((head)->first, __typeof__(*position), member);                                \
	     position && ((after = position->member.next), 1);                                                         \
	     position = hlist_entry_safe(after, __typeof__(*position), member))

#endif
