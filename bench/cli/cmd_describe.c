/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memhp-bench describe NAME: one thing, its parameters, units and defaults. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/cli/catalogue.h"
#include "bench/cli/commands.h"
#include "bench/cli/describe_preset.h"
#include "bench/cli/describe_text.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"

struct request {
	struct mh_options options;
	const char *name;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case ARGP_KEY_ARG:
		if (request->name)
			argp_error(state, "one name, please: '%s' and '%s' were given", request->name, argument);
		request->name = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a NAME is needed; 'memhp-bench list' names all");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* `describe scenario` shows the whole language: every section below the top. */
static void print_sections(const struct mh_catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct mh_catalogue_entry *entry = &catalogue->entries[i];

		if (strcmp(entry->group, "sections") != 0 || strcmp(entry->name, "scenario") == 0)
			continue;
		printf("\n%s: %s\n", entry->name, entry->help);
		mh_describe_rows(entry->parameters, stdout);
	}
}

/* NULL when the entry is no preset. */
static const struct mh_listener_preset *preset_of(const struct mh_catalogue_entry *entry)
{
	return strcmp(entry->group, "presets") == 0 ? mh_listener_preset(entry->name) : NULL;
}

static void print_text(const struct mh_catalogue *catalogue, const struct mh_catalogue_entry *entry)
{
	const bool section = strcmp(entry->group, "sections") == 0;

	printf("%s (%s): %s\n", entry->name, entry->group, entry->help);
	if (preset_of(entry))
		mh_describe_preset(preset_of(entry), stdout);
	if (entry->parameters && entry->parameters->count) {
		printf("\n%s\n", entry->common ? "parameters of its own" : "keys");
		mh_describe_rows(entry->parameters, stdout);
	}
	if (entry->common) {
		printf("\nbeside these, as every item of '%s'\n", entry->group);
		mh_describe_rows(entry->common, stdout);
	}
	if (strcmp(entry->name, "scenario") == 0)
		print_sections(catalogue);
	else if (section)
		printf("\n'memhp-bench describe scenario' shows all sections.\n");
}

static json_t *entry_json(const struct mh_catalogue_entry *entry)
{
	json_t *object = json_pack("{s:s, s:s, s:s}", "group", entry->group, "name", entry->name, "help", entry->help);

	if (object && entry->parameters &&
	    json_object_set_new(object, "parameters", mh_describe_json(entry->parameters)) < 0)
		goto fail;
	if (object && entry->common && json_object_set_new(object, "common", mh_describe_json(entry->common)) < 0)
		goto fail;
	if (object && preset_of(entry) &&
	    json_object_set_new(object, "listeners", mh_describe_preset_json(preset_of(entry))) < 0)
		goto fail;
	return object;
fail:
	json_decref(object);
	return NULL;
}

static json_t *description_json(const struct mh_catalogue *catalogue, const struct mh_catalogue_entry *entry)
{
	json_t *object = entry_json(entry), *sections;

	if (!object || json_object_set_new(object, "schema", json_string("memhp-bench/describe")) < 0 ||
	    json_object_set_new(object, "schema_version", json_integer(1)) < 0)
		goto fail;
	if (strcmp(entry->name, "scenario") != 0)
		return object;
	sections = json_array();
	for (size_t i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->entries[i].group, "sections") == 0 && &catalogue->entries[i] != entry &&
		    json_array_append_new(sections, entry_json(&catalogue->entries[i])) < 0)
			break;
	if (json_object_set_new(object, "sections", sections) == 0)
		return object;
fail:
	json_decref(object);
	return NULL;
}

/* Takes over @json. */
static int print_json(json_t *json)
{
	char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;

	json_decref(json);
	if (!text)
		return MH_EXIT_INTERNAL;
	puts(text);
	free(text);
	return MH_EXIT_DONE;
}

static int refuse(const struct mh_catalogue *catalogue, const char *name)
{
	const char *names[MH_CATALOGUE_MAX], *nearest;

	for (size_t i = 0; i < catalogue->count; i++)
		names[i] = catalogue->entries[i].name;
	nearest = mh_text_nearest(name, names, catalogue->count);
	if (nearest)
		fprintf(stderr, "memhp-bench describe: error: there is no '%s' (did you mean '%s'?)\n", name, nearest);
	else
		fprintf(stderr, "memhp-bench describe: error: there is no '%s'; 'memhp-bench list' names all\n", name);
	return MH_EXIT_USAGE;
}

static int describe(const struct request *request, const struct mh_catalogue *catalogue)
{
	const struct mh_catalogue_entry *entry = mh_catalogue_find(catalogue, request->name);

	if (!entry)
		return refuse(catalogue, request->name);
	if (request->options.format == MH_FORMAT_JSON_SCHEMA) {
		if (strcmp(entry->name, "scenario") == 0)
			return print_json(mh_describe_json_schema());
		fprintf(stderr, "memhp-bench describe: error: only 'scenario' has a JSON Schema, not '%s'\n",
			request->name);
		return MH_EXIT_USAGE;
	}
	if (request->options.format == MH_FORMAT_JSON)
		return print_json(description_json(catalogue, entry));
	print_text(catalogue, entry);
	return MH_EXIT_DONE;
}

int mh_cmd_describe(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		NULL,
		parse,
		"NAME",
		"Parameters, units and defaults of one thing that 'memhp-bench list' names.\v"
		"NAME is 'scenario' for the whole language; '--format json-schema' writes that "
		"for editors.",
		children,
		NULL,
		NULL};
	struct request request = {0};
	struct mh_catalogue *catalogue;
	int code;

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "describe", argc, argv, &request))
		return MH_EXIT_USAGE;
	catalogue = malloc(sizeof(*catalogue));
	if (!catalogue)
		return MH_EXIT_ENVIRONMENT;
	mh_catalogue_fill(catalogue);
	code = describe(&request, catalogue);
	free(catalogue);
	return code;
}
