/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists that are walked under rcu_read_lock() while one thread changes them. As in the kernel a deleted entry keeps its
 * link forward, for readers that stand on it: it is freed after a grace period.
 */
#ifndef MEMHP_LINUX_RCULIST_H
#define MEMHP_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

/* The link to what comes next, as a reader may follow it. */
#define list_next_rcu(list)   (*((struct list_head **)(&(list)->next)))
#define hlist_first_rcu(head) (*((struct hlist_node **)(&(head)->first)))
#define hlist_next_rcu(node)  (*((struct hlist_node **)(&(node)->next)))

static inline void memhp_list_add_rcu(struct list_head *entry, struct list_head *prev, struct list_head *next,
				      const char *where)
{
	if (!memhp_list_can_add(entry, prev, next, where))
		return;
	entry->next = next;
	entry->prev = prev;
	/* Release: a reader that finds the entry finds it whole. */
	rcu_assign_pointer(prev->next, entry);
	next->prev = entry;
}

static inline void memhp_list_del_rcu(struct list_head *entry, const char *where)
{
	if (memhp_list_unlink(entry, where))
		entry->prev = (struct list_head *)LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *entry)
{
	entry->next = old->next;
	entry->prev = old->prev;
	rcu_assign_pointer(entry->prev->next, entry);
	entry->next->prev = entry;
	old->prev = (struct list_head *)LIST_POISON2;
}

#define list_add_rcu(entry, head)                                                                                      \
	(__extension__({                                                                                               \
		struct list_head *memhp_at = (head);                                                                   \
		memhp_list_add_rcu(entry, memhp_at, memhp_at->next, MEMHP_HERE);                                       \
	}))
#define list_add_tail_rcu(entry, head)                                                                                 \
	(__extension__({                                                                                               \
		struct list_head *memhp_at = (head);                                                                   \
		memhp_list_add_rcu(entry, memhp_at->prev, memhp_at, MEMHP_HERE);                                       \
	}))
#define list_del_rcu(entry) memhp_list_del_rcu(entry, MEMHP_HERE)

static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	INIT_LIST_HEAD(list);
}

#define list_entry_rcu(pointer, type, member) container_of(rcu_dereference_raw(pointer), type, member)
#define list_first_or_null_rcu(head, type, member)                                                                     \
	(__extension__({                                                                                               \
		struct list_head *memhp_head = (head);                                                                 \
		struct list_head *memhp_first = rcu_dereference_raw(memhp_head->next);                                 \
		memhp_first != memhp_head ? list_entry(memhp_first, type, member) : NULL;                              \
	}))

/* The condition that may stand behind the other arguments; 0 without. */
#define memhp_rcu_or(unused, condition, ...) (condition)
/* In a read section, or with a condition as the fourth argument that protects the list otherwise: checked at its begin.
 */
#define list_for_each_entry_rcu(position, head, member, ...)                                                           \
	for (memhp_rcu_check(rcu_read_lock_held() || memhp_rcu_or(0, ##__VA_ARGS__, 0),                                \
			     "list_for_each_entry_rcu of " #head, MEMHP_HERE),                                         \
	     position = list_entry_rcu((head)->next, __typeof__(*(position)), member);                                 \
	     &(position)->member != (head);                                                                            \
	     position = list_entry_rcu((position)->member.next, __typeof__(*(position)), member))
#define list_for_each_entry_lockless(position, head, member)                                                           \
	for (position = list_entry_rcu((head)->next, __typeof__(*(position)), member); &(position)->member != (head);  \
	     position = list_entry_rcu((position)->member.next, __typeof__(*(position)), member))
#define list_for_each_entry_srcu(position, head, member, condition)                                                    \
	for (memhp_rcu_check(!!(condition), "list_for_each_entry_srcu of " #head, MEMHP_HERE),                         \
	     position = list_entry_rcu((head)->next, __typeof__(*(position)), member);                                 \
	     &(position)->member != (head);                                                                            \
	     position = list_entry_rcu((position)->member.next, __typeof__(*(position)), member))
#define list_for_each_entry_continue_rcu(position, head, member)                                                       \
	for (position = list_entry_rcu((position)->member.next, __typeof__(*(position)), member);                      \
	     &(position)->member != (head);                                                                            \
	     position = list_entry_rcu((position)->member.next, __typeof__(*(position)), member))

static inline void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	node->next = first;
	WRITE_ONCE(node->pprev, &head->first);
	rcu_assign_pointer(head->first, node);
	if (first)
		WRITE_ONCE(first->pprev, &node->next);
}

static inline void memhp_hlist_del_rcu(struct hlist_node *node, const char *where)
{
	if (memhp_hlist_unlink(node, where))
		WRITE_ONCE(node->pprev, (struct hlist_node **)LIST_POISON2);
}

static inline void memhp_hlist_del_init_rcu(struct hlist_node *node, const char *where)
{
	if (hlist_unhashed(node))
		return;
	(void)memhp_hlist_unlink(node, where);
	WRITE_ONCE(node->pprev, NULL);
}

#define hlist_del_rcu(node)      memhp_hlist_del_rcu(node, MEMHP_HERE)
#define hlist_del_init_rcu(node) memhp_hlist_del_init_rcu(node, MEMHP_HERE)

#define memhp_hlist_entry_rcu(pointer, position, member)                                                               \
	hlist_entry_safe(rcu_dereference_raw(pointer), __typeof__(*(position)), member)
#define hlist_for_each_entry_rcu(position, head, member, ...)                                                          \
	for (memhp_rcu_check(rcu_read_lock_held() || memhp_rcu_or(0, ##__VA_ARGS__, 0),                                \
			     "hlist_for_each_entry_rcu of " #head, MEMHP_HERE),                                        \
	     position = memhp_hlist_entry_rcu((head)->first, position, member);                                        \
	     position; position = memhp_hlist_entry_rcu((position)->member.next, position, member))

#endif
