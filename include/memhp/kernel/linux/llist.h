/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list that any thread adds to and any takes whole, without a lock. */
#ifndef MEMHP_LINUX_LLIST_H
#define MEMHP_LINUX_LLIST_H

#include <linux/atomic.h>
#include <linux/container_of.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name)                                                                                          \
	{                                                                                                              \
		NULL                                                                                                   \
	}
#define LLIST_HEAD(name) struct llist_head name = LLIST_HEAD_INIT(name)

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline struct llist_node *llist_next(struct llist_node *node)
{
	return node->next;
}

/* Return: whether the list was empty. */
static inline bool llist_add_batch(struct llist_node *first, struct llist_node *last, struct llist_head *head)
{
	struct llist_node *old = READ_ONCE(head->first);

	/* Full barriers: what the adder wrote into the node comes before the node, for whoever takes it. */
	do
		last->next = old;
	while (!try_cmpxchg(&head->first, &old, first));
	return !old;
}

static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	return llist_add_batch(node, node, head);
}

/* All of it, the newest first. */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, (struct llist_node *)NULL);
}

/* One taker at a time, as in the kernel. */
static inline struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *first = smp_load_acquire(&head->first);

	while (first && !try_cmpxchg(&head->first, &first, READ_ONCE(first->next)))
		;
	return first;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *head)
{
	struct llist_node *reversed = NULL;

	while (head) {
		struct llist_node *next = head->next;

		head->next = reversed;
		reversed = head;
		head = next;
	}
	return reversed;
}

#define llist_entry(pointer, type, member) container_of(pointer, type, member)

/* Past the end an entry's member would be NULL. */
#define memhp_llist_entry_or_null(node, type, member)                                                                  \
	(__extension__({                                                                                               \
		struct llist_node *memhp_node = (node);                                                                \
		memhp_node ? llist_entry(memhp_node, type, member) : NULL;                                             \
	}))

#define llist_for_each(position, node) for ((position) = (node); (position); (position) = (position)->next)
#define llist_for_each_safe(position, after, node)                                                                     \
	for ((position) = (node); (position) && ((after) = (position)->next, true); (position) = (after))
#define llist_for_each_entry(position, node, member)                                                                   \
	for ((position) = memhp_llist_entry_or_null(node, __typeof__(*(position)), member); (position);                \
	     (position) = memhp_llist_entry_or_null((position)->member.next, __typeof__(*(position)), member))
#define llist_for_each_entry_safe(position, after, node, member)                                                       \
	for ((position) = memhp_llist_entry_or_null(node, __typeof__(*(position)), member);                            \
	     (position) &&                                                                                             \
	     ((after) = memhp_llist_entry_or_null((position)->member.next, __typeof__(*(position)), member), true);    \
	     (position) = (after))

#endif
