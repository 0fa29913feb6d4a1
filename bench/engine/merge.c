/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging of trees and the chain of `extends`. Cycles are told by the files' real paths, so that a link or "a/../a"
 * does not hide one; the length of the chain is bounded besides.
 */
#include "bench/engine/merge.h"

#include "bench/engine/variables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool list_is_named(const struct mh_node *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (!mh_node_find_text(list->items[i], "name"))
			return false;
	return list->count > 0;
}

static bool maps_merge(struct mh_arena *arena, struct mh_node *base, const struct mh_node *over)
{
	base->place = over->place;
	for (size_t i = 0; i < over->count; i++) {
		const struct mh_pair *pair = &over->pairs[i];
		struct mh_node *old = mh_node_find(base, pair->key);
		struct mh_node *value = old ? mh_merge(arena, old, pair->value) : pair->value;

		if (!mh_node_set(arena, base, pair->key, pair->place, value))
			return false;
	}
	return true;
}

/* An item of @over without a namesake goes behind; two of one name within @over stay two, for the check of names. */
static bool lists_merge(struct mh_arena *arena, struct mh_node *base, const struct mh_node *over)
{
	const size_t old_count = base->count;

	for (size_t i = 0; i < over->count; i++) {
		const char *name = mh_node_find_text(over->items[i], "name");
		struct mh_node old_items = *base, *old;

		old_items.count = old_count;
		old = mh_node_find_named(&old_items, name);
		if (old ? !maps_merge(arena, old, over->items[i]) : !mh_node_append(arena, base, over->items[i]))
			return false;
	}
	return true;
}

struct mh_node *mh_merge(struct mh_arena *arena, struct mh_node *base, struct mh_node *over)
{
	if (base->kind == MH_NODE_MAP && over->kind == MH_NODE_MAP)
		return maps_merge(arena, base, over) ? base : NULL;
	if (base->kind == MH_NODE_LIST && over->kind == MH_NODE_LIST && list_is_named(base) && list_is_named(over))
		return lists_merge(arena, base, over) ? base : NULL;
	return over;
}

struct chain {
	struct mh_reader *reader;
	char *files[MH_EXTENDS_MAX]; /* real paths of the files being read, the child first */
	unsigned count;
};

static int chain_read(struct chain *chain, const char *path, struct mh_place named_at, struct mh_node **ret_root,
		      struct mh_source **ret_source);

/* The path that `extends` names, from the current folder; NULL when it was told or memory ran out (*ret = why). */
static const char *parent_path(struct chain *chain, const struct mh_node *value, int *ret)
{
	struct mh_diagnostics *diagnostics = &chain->reader->diagnostics;
	struct mh_node *text;

	*ret = -EINVAL;
	if (value->kind != MH_NODE_SCALAR || !*value->text) {
		mh_diagnose(diagnostics, value->place, "'extends' must be the path of one file, not %s",
			    mh_node_kind_name(value));
		return NULL;
	}
	*ret = mh_variables_substitute(chain->reader, value, NULL, 0, &text);
	if (*ret < 0 || *text->text == '/')
		return *ret < 0 ? NULL : text->text;
	*ret = -ENOMEM;
	return mh_arena_print(&chain->reader->arena, "%s%s", value->place.source->folder, text->text);
}

static int parent_merge(struct chain *chain, struct mh_node **root)
{
	const struct mh_node *extends = mh_node_find(*root, "extends");
	struct mh_source *source;
	struct mh_node *parent;
	const char *path;
	int ret;

	if (!extends)
		return 0;
	path = parent_path(chain, extends, &ret);
	if (!path)
		return ret;
	ret = chain_read(chain, path, extends->place, &parent, &source);
	if (ret < 0)
		return ret == -ENOMEM ? ret : -EINVAL;
	*root = mh_merge(&chain->reader->arena, parent, *root);
	if (!*root)
		return -ENOMEM;
	mh_node_remove(*root, "extends");
	return 0;
}

static int chain_push(struct chain *chain, const char *path, struct mh_place named_at)
{
	char *real = realpath(path, NULL);

	if (!real)
		return 0; /* absent: mh_document_read says so */
	for (unsigned i = 0; i < chain->count; i++) {
		if (strcmp(chain->files[i], real) == 0) {
			mh_diagnose(&chain->reader->diagnostics, named_at,
				    "'extends' goes in a circle: '%s' is being read already", path);
			free(real);
			return -EINVAL;
		}
	}
	if (chain->count == MH_EXTENDS_MAX) {
		mh_diagnose(&chain->reader->diagnostics, named_at, "more than %d files extend one another",
			    MH_EXTENDS_MAX);
		free(real);
		return -EINVAL;
	}
	chain->files[chain->count++] = real;
	return 0;
}

static int chain_read(struct chain *chain, const char *path, struct mh_place named_at, struct mh_node **ret_root,
		      struct mh_source **ret_source)
{
	struct mh_node *root;
	int ret = chain_push(chain, path, named_at);

	if (ret == 0)
		ret = mh_document_read(chain->reader, path, named_at, &root, ret_source);
	if (ret < 0)
		return ret;
	if (root->kind != MH_NODE_MAP) {
		mh_diagnose(&chain->reader->diagnostics, root->place, "a scenario must be a map of keys, not %s",
			    mh_node_kind_name(root));
		return -EINVAL;
	}
	ret = parent_merge(chain, &root);
	*ret_root = root;
	return ret;
}

int mh_merge_extends(struct mh_reader *reader, const char *path, struct mh_node **ret_root,
		     struct mh_source **ret_source)
{
	struct chain chain = {.reader = reader};
	int ret = chain_read(&chain, path, (struct mh_place){0}, ret_root, ret_source);

	while (chain.count)
		free(chain.files[--chain.count]);
	return ret;
}
