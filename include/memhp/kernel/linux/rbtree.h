/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Red-black trees. The caller descends and links; the host balances. There are no augmented trees. */
#ifndef MEMHP_LINUX_RBTREE_H
#define MEMHP_LINUX_RBTREE_H

#include <linux/container_of.h>
#include <linux/memhp_types.h>
#include <memhp/kapi_rbtree.h>
#include <memhp/kapi_use.h>

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#define RB_ROOT                                                                                                        \
	(struct rb_root)                                                                                               \
	{                                                                                                              \
		NULL,                                                                                                  \
	}
#define RB_ROOT_CACHED                                                                                                 \
	(struct rb_root_cached)                                                                                        \
	{                                                                                                              \
		{NULL}, NULL                                                                                           \
	}

#define rb_parent(node)                 ((node)->memhp_parent)
#define rb_entry(pointer, type, member) container_of(pointer, type, member)
#define rb_entry_safe(pointer, type, member)                                                                           \
	(__extension__({                                                                                               \
		__typeof__(pointer) memhp_node = (pointer);                                                            \
		memhp_node ? rb_entry(memhp_node, type, member) : NULL;                                                \
	}))

#define RB_EMPTY_ROOT(root) (READ_ONCE((root)->rb_node) == NULL)
/* In no tree, of a node that RB_CLEAR_NODE() made so: taking it out does not. */
#define RB_EMPTY_NODE(node) ((node)->memhp_parent == (node))
#define RB_CLEAR_NODE(node) ((void)((node)->memhp_parent = (node)))

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->memhp_parent = parent;
	node->rb_left = node->rb_right = NULL;
	node->memhp_red = true;
	*link = node;
}

#define rb_insert_color(node, root) memhp_rb_inserted(node, root)

static inline void memhp_rb_erase_checked(struct rb_node *node, struct rb_root *root, const char *where)
{
	if (unlikely(RB_EMPTY_NODE(node)))
		memhp_misuse(where, "a node was erased that is in no tree");
	else
		memhp_rb_erase(node, root);
}

#define rb_erase(node, root) memhp_rb_erase_checked(node, root, MEMHP_HERE)

static inline struct rb_node *memhp_rb_leftmost(struct rb_node *node)
{
	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

static inline struct rb_node *memhp_rb_rightmost(struct rb_node *node)
{
	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

static inline struct rb_node *rb_first(const struct rb_root *root)
{
	return memhp_rb_leftmost(root->rb_node);
}

static inline struct rb_node *rb_last(const struct rb_root *root)
{
	return memhp_rb_rightmost(root->rb_node);
}

static inline struct rb_node *rb_next(const struct rb_node *node)
{
	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right)
		return memhp_rb_leftmost(node->rb_right);
	while (node->memhp_parent && node == node->memhp_parent->rb_right)
		node = node->memhp_parent;
	return node->memhp_parent;
}

static inline struct rb_node *rb_prev(const struct rb_node *node)
{
	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_left)
		return memhp_rb_rightmost(node->rb_left);
	while (node->memhp_parent && node == node->memhp_parent->rb_left)
		node = node->memhp_parent;
	return node->memhp_parent;
}

/* Children before their parents. */
static inline struct rb_node *memhp_rb_deepest(struct rb_node *node)
{
	while (node && (node->rb_left || node->rb_right))
		node = node->rb_left ? node->rb_left : node->rb_right;
	return node;
}

static inline struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return memhp_rb_deepest(root->rb_node);
}

static inline struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent = node ? node->memhp_parent : NULL;

	return parent && node == parent->rb_left && parent->rb_right ? memhp_rb_deepest(parent->rb_right) : parent;
}

/* The entry may be freed in the loop; the tree is of no use afterwards. */
#define rbtree_postorder_for_each_entry_safe(position, after, root, field)                                             \
	for (position = rb_entry_safe(rb_first_postorder(root), __typeof__(*position), field);                         \
	     position &&                                                                                               \
	     ((after = rb_entry_safe(rb_next_postorder(&position->field), __typeof__(*position), field)), 1);          \
	     position = after)

/* @node takes the place of @victim, whose order it must have. */
static inline void rb_replace_node(struct rb_node *victim, struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = victim->memhp_parent;

	*node = *victim;
	if (victim->rb_left)
		victim->rb_left->memhp_parent = node;
	if (victim->rb_right)
		victim->rb_right->memhp_parent = node;
	if (!parent)
		root->rb_node = node;
	else if (parent->rb_left == victim)
		parent->rb_left = node;
	else
		parent->rb_right = node;
}

#define rb_first_cached(root) ((root)->rb_leftmost)

static inline void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root, bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_color(node, &root->rb_root);
}

/* Return: the new leftmost node where this one was it, else NULL. */
static inline struct rb_node *rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	struct rb_node *leftmost = NULL;

	if (root->rb_leftmost == node)
		leftmost = root->rb_leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
	return leftmost;
}

static inline void rb_replace_node_cached(struct rb_node *victim, struct rb_node *node, struct rb_root_cached *root)
{
	if (root->rb_leftmost == victim)
		root->rb_leftmost = node;
	rb_replace_node(victim, node, &root->rb_root);
}

/* @less: whether @a comes before @b. */
static inline void rb_add(struct rb_node *node, struct rb_root *root,
			  bool (*less)(struct rb_node *a, const struct rb_node *b))
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = less(node, parent) ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	rb_insert_color(node, root);
}

/* Return: @node where it became the leftmost, else NULL. */
static inline struct rb_node *rb_add_cached(struct rb_node *node, struct rb_root_cached *root,
					    bool (*less)(struct rb_node *a, const struct rb_node *b))
{
	rb_add(node, &root->rb_root, less);
	if (root->rb_leftmost && !less(node, root->rb_leftmost))
		return NULL;
	root->rb_leftmost = node;
	return node;
}

/* Return: the node that is there already and equal, else NULL and @node is in the tree. */
static inline struct rb_node *rb_find_add(struct rb_node *node, struct rb_root *root,
					  int (*compare)(struct rb_node *node, const struct rb_node *other))
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		int order;

		parent = *link;
		order = compare(node, parent);
		if (!order)
			return parent;
		link = order < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	rb_insert_color(node, root);
	return NULL;
}

static inline struct rb_node *rb_find(const void *key, const struct rb_root *root,
				      int (*compare)(const void *key, const struct rb_node *node))
{
	struct rb_node *node = root->rb_node;

	while (node) {
		int order = compare(key, node);

		if (!order)
			return node;
		node = order < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/* The leftmost of those that are equal. */
static inline struct rb_node *rb_find_first(const void *key, const struct rb_root *root,
					    int (*compare)(const void *key, const struct rb_node *node))
{
	struct rb_node *node = root->rb_node, *found = NULL;

	while (node) {
		int order = compare(key, node);

		if (!order)
			found = node;
		node = order <= 0 ? node->rb_left : node->rb_right;
	}
	return found;
}

#endif
