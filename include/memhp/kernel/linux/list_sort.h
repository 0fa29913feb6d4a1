/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorting of a list. Stable, as the kernel's; by insertion, so quadratic where the kernel's is not. */
#ifndef MEMHP_LINUX_LIST_SORT_H
#define MEMHP_LINUX_LIST_SORT_H

#include <linux/list.h>

typedef int (*list_cmp_func_t)(void *data, const struct list_head *a, const struct list_head *b);

/* @compare: above 0 when @a comes behind @b. */
static inline void list_sort(void *data, struct list_head *head, list_cmp_func_t compare)
{
	LIST_HEAD(sorted);

	while (!list_empty(head)) {
		struct list_head *entry = head->next, *place = sorted.prev;

		while (place != &sorted && compare(data, place, entry) > 0)
			place = place->prev;
		list_move(entry, place);
	}
	list_splice_init(&sorted, head);
}

#endif
