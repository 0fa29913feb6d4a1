/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench version: what this binary is.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "bench/engine/build.h"

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct mh_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case 'j':
		options->format = MH_FORMAT_JSON;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int print_json(const struct mh_result_binary *binary)
{
	json_t *json = json_pack("{s:s, s:i, s:s, s:s?, s:s?, s:s, s:s, s:b}", "schema", "memhp-bench/version",
				 "schema_version", 1, "version", binary->version, "build_id", binary->build_id, "git",
				 binary->git, "compiler", binary->compiler, "sanitizer", binary->sanitizer, "hooks",
				 binary->hooks);
	char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;

	json_decref(json);
	if (!text)
		return MH_EXIT_INTERNAL;
	puts(text);
	free(text);
	return MH_EXIT_DONE;
}

int mh_cmd_version(int argc, char **argv)
{
	static const struct argp_option own[] = {{"json", 'j', NULL, 0, "the same as --format json", 1}, {0}};
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {own, parse, NULL, "What this binary is.", children, NULL, NULL};
	struct mh_options options;
	struct mh_result result;

	mh_options_init(&options);
	if (mh_options_parse(&argp, "version", argc, argv, &options))
		return MH_EXIT_USAGE;
	mh_result_init(&result);
	mh_build_describe(&result);
	if (options.format == MH_FORMAT_JSON)
		return print_json(&result.binary);
	printf("memhp-bench %s\nbuild id  %s\ncompiler  gcc/clang %s\nsanitizer %s\nhooks     %s\nprotocol  Linux "
	       "6.1\n",
	       result.binary.version, result.binary.build_id ? result.binary.build_id : "-", result.binary.compiler,
	       result.binary.sanitizer, result.binary.hooks ? "yes" : "no: no fault can be armed, nothing gated");
	mh_result_release(&result);
	return MH_EXIT_DONE;
}
