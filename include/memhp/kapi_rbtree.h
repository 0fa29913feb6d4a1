/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The red-black tree behind <linux/rbtree.h>. */
#ifndef MEMHP_KAPI_RBTREE_H
#define MEMHP_KAPI_RBTREE_H

#include <stdbool.h>
#include <stddef.h>

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rb_node {
	struct rb_node *memhp_parent; /* NULL: the root; itself: in no tree (RB_CLEAR_NODE) */
	struct rb_node *rb_right, *rb_left;
	bool memhp_red;
};

struct rb_root {
	struct rb_node *rb_node;
};

/* Balances the tree after @node was linked at a leaf by rb_link_node(). */
MEMHP_EXPORT void memhp_rb_inserted(struct rb_node *node, struct rb_root *root);
MEMHP_EXPORT void memhp_rb_erase(struct rb_node *node, struct rb_root *root);

#ifdef __cplusplus
}
#endif

#endif
