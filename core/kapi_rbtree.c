/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Balance of red-black trees: no red node has a red child, and every way from the root to a leaf crosses as many black
 * nodes. A missing child counts as black. The caller's lock guards the tree.
 */
#include <memhp/kapi_rbtree.h>

static bool is_red(const struct rb_node *node)
{
	return node && node->memhp_red;
}

/* Which pointer holds @node. */
static struct rb_node **link_of(const struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = node->memhp_parent;

	if (!parent)
		return &root->rb_node;
	return parent->rb_left == node ? &parent->rb_left : &parent->rb_right;
}

static struct rb_node **child(struct rb_node *node, bool left)
{
	return left ? &node->rb_left : &node->rb_right;
}

/* @node goes down to the left (or to the right); the child that comes up in its place is returned. */
static struct rb_node *rotate(struct rb_node *node, bool left, struct rb_root *root)
{
	struct rb_node *up = *child(node, !left);
	struct rb_node *between = *child(up, left);

	*link_of(node, root) = up;
	up->memhp_parent = node->memhp_parent;
	*child(node, !left) = between;
	if (between)
		between->memhp_parent = node;
	*child(up, left) = node;
	node->memhp_parent = up;
	return up;
}

/* A red node below a red parent, which is not the root therefore. Return: the node to look at next. */
static struct rb_node *resolve_red(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = node->memhp_parent, *above = parent->memhp_parent;
	bool left = above->rb_left == parent;
	struct rb_node *uncle = *child(above, !left);

	if (is_red(uncle)) {
		parent->memhp_red = uncle->memhp_red = false;
		above->memhp_red = true;
		return above;
	}
	if (*child(parent, !left) == node)
		parent = rotate(parent, left, root);
	parent->memhp_red = false;
	above->memhp_red = true;
	(void)rotate(above, !left, root);
	return parent;
}

void memhp_rb_inserted(struct rb_node *node, struct rb_root *root)
{
	node->memhp_red = true;
	while (is_red(node) && is_red(node->memhp_parent))
		node = resolve_red(node, root);
	root->rb_node->memhp_red = false;
}

/*
 * The ways through @node, which may be missing below @parent, have one black node too few. Return: the node whose ways
 * still have, or NULL when all is well.
 */
static struct rb_node *resolve_black(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	bool left = parent->rb_left == node;
	struct rb_node *sibling = *child(parent, !left);

	if (sibling->memhp_red) {
		sibling->memhp_red = false;
		parent->memhp_red = true;
		(void)rotate(parent, left, root);
		sibling = *child(parent, !left);
	}
	if (!is_red(sibling->rb_left) && !is_red(sibling->rb_right)) {
		sibling->memhp_red = true;
		return parent;
	}
	if (!is_red(*child(sibling, !left))) {
		(*child(sibling, left))->memhp_red = false;
		sibling->memhp_red = true;
		sibling = rotate(sibling, !left, root);
	}
	sibling->memhp_red = parent->memhp_red;
	parent->memhp_red = false;
	(*child(sibling, !left))->memhp_red = false;
	(void)rotate(parent, left, root);
	return NULL;
}

static void add_black(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	while (parent && !is_red(node)) {
		node = resolve_black(node, parent, root);
		if (!node)
			return;
		parent = node->memhp_parent;
	}
	if (node)
		node->memhp_red = false;
}

/* @node has one child at most. */
static void cut(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *below = node->rb_left ? node->rb_left : node->rb_right;
	struct rb_node *parent = node->memhp_parent;

	*link_of(node, root) = below;
	if (below)
		below->memhp_parent = parent;
	if (!node->memhp_red)
		add_black(below, parent, root);
}

static struct rb_node *successor(struct rb_node *node)
{
	node = node->rb_right;
	while (node->rb_left)
		node = node->rb_left;
	return node;
}

void memhp_rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *heir;

	if (!node->rb_left || !node->rb_right) {
		cut(node, root);
		return;
	}
	/* The next in order has no left child: it is cut out instead, and takes this one's place. */
	heir = successor(node);
	cut(heir, root);
	heir->memhp_parent = node->memhp_parent;
	heir->rb_left = node->rb_left;
	heir->rb_right = node->rb_right;
	heir->memhp_red = node->memhp_red;
	*link_of(node, root) = heir;
	if (heir->rb_left)
		heir->rb_left->memhp_parent = heir;
	if (heir->rb_right)
		heir->rb_right->memhp_parent = heir;
}
