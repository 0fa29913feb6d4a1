/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items of `modules` out of words of the command line. */
#include "bench/engine/module_option.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/module.h"

/* What follows "FILE.so " in --module "FILE.so NAME=VALUE …": a space within double quotes is none. */
static int arguments_add(struct mh_arena *arena, struct mh_node *item, struct mh_place place, const char *text)
{
	struct mh_node *list = mh_node_new(arena, MH_NODE_LIST, place);
	char *word = mh_arena_print(arena, "%s", text);

	if (!list || !word || !mh_node_set(arena, item, "args", place, list))
		return -ENOMEM;
	while (*(word += strspn(word, " "))) {
		bool quoted = false;
		char *end = word, *from;

		for (from = word; *from && (quoted || *from != ' '); from++) {
			if (*from == '"')
				quoted = !quoted;
			else
				*end++ = *from;
		}
		from += *from == ' ';
		*end = '\0';
		if (!mh_node_append(arena, list, mh_node_scalar(arena, place, word)))
			return -ENOMEM;
		word = from;
	}
	return 0;
}

/* Where errors say that a word of the command line stands. */
static int place_of(struct mh_reader *reader, const char *option, const char *argument, struct mh_place *ret_place)
{
	const char *label = mh_arena_print(&reader->arena, "%s %s", option, argument);

	*ret_place = (struct mh_place){.source = label ? mh_source_new(reader, label, "", NULL, 0) : NULL};
	return ret_place->source ? 0 : -ENOMEM;
}

/* `modules` of @root, made where there is none; NULL when memory ran out. */
static struct mh_node *modules_of(struct mh_arena *arena, struct mh_node *root, struct mh_place place)
{
	struct mh_node *modules = mh_node_find(root, "modules");

	if (modules)
		return modules;
	modules = mh_node_new(arena, MH_NODE_LIST, place);
	return modules && mh_node_set(arena, root, "modules", place, modules) ? modules : NULL;
}

int mh_module_option_add(struct mh_reader *reader, struct mh_node *root, const char *argument)
{
	struct mh_arena *arena = &reader->arena;
	struct mh_node *modules, *item;
	struct mh_place place;
	/* A path may hold spaces: it ends with the first ".so" that one follows. */
	const char *end = strstr(argument, ".so ");
	const char *path = mh_arena_print(arena, "%.*s", end ? (int)(end + 3 - argument) : -1, argument);

	if (!path || place_of(reader, "--module", argument, &place) < 0)
		return -ENOMEM;
	modules = modules_of(arena, root, place);
	if (!modules)
		return -ENOMEM;
	if (modules->kind != MH_NODE_LIST)
		return 0; /* its reader tells it */
	item = mh_node_new(arena, MH_NODE_MAP, place);
	if (!item || !mh_node_set(arena, item, "path", place, mh_node_scalar(arena, place, path)))
		return -ENOMEM;
	if (end && arguments_add(arena, item, place, end + 3) < 0)
		return -ENOMEM;
	return mh_node_append(arena, modules, item) ? 0 : -ENOMEM;
}

/* The item whose file has the same name; NULL: none. */
static struct mh_node *find_item(const struct mh_node *modules, const char *path)
{
	char wanted[NAME_MAX + 1], name[NAME_MAX + 1];

	mh_module_name(path, wanted, sizeof(wanted));
	for (size_t i = 0; modules->kind == MH_NODE_LIST && i < modules->count; i++) {
		const char *own =
			modules->items[i]->kind == MH_NODE_MAP ? mh_node_find_text(modules->items[i], "path") : NULL;

		mh_module_name(own ? own : "", name, sizeof(name));
		if (own && strcmp(name, wanted) == 0)
			return modules->items[i];
	}
	return NULL;
}

int mh_module_option_replace(struct mh_reader *reader, struct mh_node *root, const char *path)
{
	struct mh_arena *arena = &reader->arena;
	struct mh_node *modules = mh_node_find(root, "modules");
	struct mh_node *item = modules ? find_item(modules, path) : NULL;
	struct mh_place place;

	if (!item)
		return mh_module_option_add(reader, root, path);
	if (place_of(reader, "--replace-module", path, &place) < 0)
		return -ENOMEM;
	return mh_node_set(arena, item, "path", place, mh_node_scalar(arena, place, path)) ? 0 : -ENOMEM;
}
