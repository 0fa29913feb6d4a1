/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memhp-bench list [GROUP]: everything that has a name. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/cli/catalogue.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"

#define GROUPS_MAX 16

struct request {
	struct mh_options options;
	const char *group; /* NULL: all */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case ARGP_KEY_ARG:
		if (request->group)
			argp_error(state, "one group, please: '%s' and '%s' were given", request->group, argument);
		request->group = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_text(const struct mh_catalogue *catalogue, const char *group)
{
	const char *last = "";

	for (size_t i = 0; i < catalogue->count; i++) {
		const struct mh_catalogue_entry *entry = &catalogue->entries[i];

		if (group && strcmp(group, entry->group) != 0)
			continue;
		if (strcmp(last, entry->group) != 0)
			printf("%s%s\n", *last ? "\n" : "", entry->group);
		last = entry->group;
		printf("  %-24s %s", entry->name, entry->help);
		printf(entry->checked ? " (checked: %s)\n" : "\n", entry->checked);
	}
}

static json_t *entry_json(const struct mh_catalogue_entry *entry)
{
	if (entry->checked)
		return json_pack("{s:s, s:s, s:s}", "name", entry->name, "help", entry->help, "checked",
				 entry->checked);
	return json_pack("{s:s, s:s}", "name", entry->name, "help", entry->help);
}

static int print_json(const struct mh_catalogue *catalogue, const char *group)
{
	json_t *root = json_pack("{s:s, s:i}", "schema", "memhp-bench/list", "schema_version", 1);
	int ret = root ? 0 : -1;
	char *text;

	for (size_t i = 0; i < catalogue->count && ret == 0; i++) {
		const struct mh_catalogue_entry *entry = &catalogue->entries[i];
		json_t *list = json_object_get(root, entry->group);

		if (group && strcmp(group, entry->group) != 0)
			continue;
		if (!list) {
			list = json_array();
			ret = json_object_set_new(root, entry->group, list);
		}
		if (ret == 0)
			ret = json_array_append_new(list, entry_json(entry));
	}
	text = ret == 0 ? json_dumps(root, JSON_INDENT(2)) : NULL;
	json_decref(root);
	if (!text)
		return MH_EXIT_INTERNAL;
	puts(text);
	free(text);
	return MH_EXIT_DONE;
}

/* False, and said, when there is no such group. */
static bool group_is_known(const struct mh_catalogue *catalogue, const char *group)
{
	const char *groups[GROUPS_MAX], *nearest;
	size_t count = 0;

	for (size_t i = 0; i < catalogue->count; i++) {
		if (strcmp(catalogue->entries[i].group, group) == 0)
			return true;
		if (count < GROUPS_MAX && (!count || strcmp(groups[count - 1], catalogue->entries[i].group) != 0))
			groups[count++] = catalogue->entries[i].group;
	}
	nearest = mh_text_nearest(group, groups, count);
	fprintf(stderr, "memhp-bench list: error: there is no group '%s'%s%s%s\n", group,
		nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "");
	return false;
}

int mh_cmd_list(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		NULL,
		parse,
		"[GROUP]",
		"Names everything that a scenario can name.\vGROUP is one of faults, workloads, "
		"chains, rcu, presets, events, metrics, invariants, sections; all without it.",
		children,
		NULL,
		NULL};
	struct request request = {0};
	struct mh_catalogue *catalogue;
	int code = MH_EXIT_DONE;

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "list", argc, argv, &request))
		return MH_EXIT_USAGE;
	if (request.options.format == MH_FORMAT_JSON_SCHEMA) {
		fprintf(stderr, "memhp-bench list: error: a list has no JSON Schema: use text or json\n");
		return MH_EXIT_USAGE;
	}
	catalogue = malloc(sizeof(*catalogue));
	if (!catalogue)
		return MH_EXIT_ENVIRONMENT;
	mh_catalogue_fill(catalogue);
	if (request.group && !group_is_known(catalogue, request.group))
		code = MH_EXIT_USAGE;
	else if (request.options.format == MH_FORMAT_JSON)
		code = print_json(catalogue, request.group);
	else
		print_text(catalogue, request.group);
	free(catalogue);
	return code;
}
