/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Substitution copies the tree, so that each cell of a sweep begins from the same one.
 */
#include "bench/engine/variables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VARIABLE_NAME_MAX 128 /* bytes of what stands between the braces */

struct substitution {
	struct mh_reader *reader;
	struct mh_variable *sweep;
	size_t sweep_count;
	bool wrong;
};

static const char *sweep_value(struct substitution *substitution, const char *name)
{
	for (size_t i = 0; i < substitution->sweep_count; i++) {
		if (strcmp(substitution->sweep[i].name, name) == 0) {
			substitution->sweep[i].used = true;
			return substitution->sweep[i].value;
		}
	}
	return NULL;
}

static const char *sweep_nearest(const struct substitution *substitution, const char *name)
{
	for (size_t i = 0; i < substitution->sweep_count; i++) {
		const char *candidate = substitution->sweep[i].name;

		if (mh_text_nearest(name, &candidate, 1))
			return candidate;
	}
	return NULL;
}

/* The value of "sweep.X" or "env.X", or NULL after it was told why not. */
static const char *variable_value(struct substitution *substitution, struct mh_place place, const char *name)
{
	struct mh_diagnostics *diagnostics = &substitution->reader->diagnostics;
	const char *value = NULL, *nearest = NULL;

	if (strncmp(name, "sweep.", 6) == 0) {
		value = sweep_value(substitution, name + 6);
		nearest = value ? NULL : sweep_nearest(substitution, name + 6);
	} else if (strncmp(name, "env.", 4) == 0) {
		value = secure_getenv(name + 4);
	} else {
		mh_diagnose(diagnostics, place, "'${%s}' is no variable: there are ${sweep.NAME} and ${env.NAME}",
			    name);
		return NULL;
	}
	if (!value)
		mh_diagnose(diagnostics, place, "'${%s}' is not defined%s%s%s", name,
			    nearest ? " (did you mean '${sweep." : "", nearest ? nearest : "", nearest ? "}'?)" : "");
	return value;
}

/* Replaces the variable that @at begins ("${") and returns what follows it; NULL after an error. */
static const char *variable_replace(struct substitution *substitution, struct mh_place place, const char *at,
				    struct mh_text *out)
{
	char name[VARIABLE_NAME_MAX];
	const char *end = strchr(at, '}'), *value;

	if (!end || (size_t)(end - at) - 2 >= sizeof(name)) {
		mh_diagnose(&substitution->reader->diagnostics, place, "a '${' without its '}'");
		return NULL;
	}
	memcpy(name, at + 2, (size_t)(end - at) - 2);
	name[end - at - 2] = '\0';
	value = variable_value(substitution, place, name);
	if (!value)
		return NULL;
	mh_text_append(out, value, strlen(value));
	return end + 1;
}

static int text_substitute(struct substitution *substitution, const struct mh_node *node, struct mh_node *copy)
{
	const char *at = node->text, *next;
	struct mh_text out = MH_TEXT_INIT;

	while (at && (next = strstr(at, "${")) != NULL) {
		mh_text_append(&out, at, (size_t)(next - at));
		at = variable_replace(substitution, node->place, next, &out);
	}
	if (at) {
		mh_text_append(&out, at, strlen(at));
		copy->text = out.failed ? NULL : mh_arena_copy(&substitution->reader->arena, out.data, out.length);
	} else {
		copy->text = node->text;
		copy->broken = true;
		substitution->wrong = true;
	}
	mh_text_release(&out);
	return copy->text ? 0 : -ENOMEM;
}

static int node_substitute(struct substitution *substitution, const struct mh_node *node, struct mh_node **ret_node);

static int children_substitute(struct substitution *substitution, const struct mh_node *node, struct mh_node *copy)
{
	struct mh_arena *arena = &substitution->reader->arena;

	for (size_t i = 0; i < node->count; i++) {
		struct mh_node *child;
		bool own, added;
		int ret;

		if (node->kind == MH_NODE_LIST) {
			ret = node_substitute(substitution, node->items[i], &child);
			added = ret == 0 && mh_node_append(arena, copy, child);
		} else {
			const struct mh_pair *pair = &node->pairs[i];

			own = strncmp(pair->key, "x-", 2) == 0;
			child = pair->value;
			ret = own ? 0 : node_substitute(substitution, pair->value, &child);
			added = ret == 0 && mh_node_set(arena, copy, pair->key, pair->place, child);
		}
		if (!added)
			return ret < 0 ? ret : -ENOMEM;
	}
	return 0;
}

static int node_substitute(struct substitution *substitution, const struct mh_node *node, struct mh_node **ret_node)
{
	struct mh_node *copy = mh_node_new(&substitution->reader->arena, node->kind, node->place);

	if (!copy)
		return -ENOMEM;
	*ret_node = copy;
	copy->quoted = node->quoted;
	if (node->kind == MH_NODE_SCALAR)
		return text_substitute(substitution, node, copy);
	return children_substitute(substitution, node, copy);
}

int mh_variables_substitute(struct mh_reader *reader, const struct mh_node *node, struct mh_variable *sweep,
			    size_t sweep_count, struct mh_node **ret_node)
{
	struct substitution substitution = {.reader = reader, .sweep = sweep, .sweep_count = sweep_count};
	int ret = node_substitute(&substitution, node, ret_node);

	return ret == 0 && substitution.wrong ? -EINVAL : ret;
}
