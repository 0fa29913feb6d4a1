/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the command line, kept as they come: a side is checked when all of it is known. */
#include "bench/cli/sides_options.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "bench/cli/exit_codes.h"

enum key { KEY_A = 0x300, KEY_B };

void mh_sides_options_init(struct mh_sides_options *options, const char *command, const char *program)
{
	*options = (struct mh_sides_options){.command = command, .program = program};
	mh_options_init(&options->common);
}

static void add_word(struct argp_state *state, struct mh_sides_options *options, unsigned which, const char *word)
{
	if (options->word_counts[which] == MH_SIDE_CHANGES_MAX)
		argp_error(state, "--%c is given more than %d times", 'a' + which, MH_SIDE_CHANGES_MAX);
	options->words[which][options->word_counts[which]++] = word;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct mh_sides_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->common;
		return 0;
	case KEY_A:
	case KEY_B:
		add_word(state, options, key == KEY_B, argument);
		return 0;
	case ARGP_KEY_ARG:
		if (options->path_count == 2)
			argp_error(state, "two at most, please: '%s' is one more", argument);
		options->paths[options->path_count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (options->common.shard_count)
			argp_error(state, "--shard picks cells of a run; a comparison needs all of them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"a", KEY_A, "SIDE", 0,
	 "the base: a memhp-bench, module:NAME=FILE.so or set:KEY=VALUE, as often as needed; without: the scenario", 0},
	{"b", KEY_B, "SIDE", 0, "the candidate, likewise", 0},
	{0},
};

static const struct argp_child children[] = {{&mh_options_argp, 0, NULL, 0}, {0}};

const struct argp mh_sides_argp = {own_options, parse, NULL, NULL, children, NULL, NULL};

int mh_sides_make(const struct mh_sides_options *options, struct mh_side ret_sides[2])
{
	struct mh_error error;

	for (unsigned i = 0; i < 2; i++) {
		mh_side_init(&ret_sides[i], (char)('A' + i), options->paths[options->path_count == 2 ? i : 0]);
		for (size_t w = 0; w < options->word_counts[i]; w++) {
			if (mh_side_add(&ret_sides[i], options->words[i][w], &error) == 0)
				continue;
			fprintf(stderr, "memhp-bench %s: error: %s\n", options->command, error.text);
			return MH_EXIT_USAGE;
		}
	}
	return MH_EXIT_DONE;
}

static void add_assignment(struct mh_text *text, const struct mh_plan_override *override)
{
	struct mh_text word = MH_TEXT_INIT;

	if (strcmp(override->key, "seed") == 0)
		return;
	mh_text_add(&word, "%s=%s", override->key, override->value);
	mh_text_add(text, " -D ");
	mh_options_quote(text, word.data);
	mh_text_release(&word);
}

void mh_sides_compose(const struct mh_sides_options *options, const char *seed, struct mh_text *text)
{
	const struct mh_options *common = &options->common;

	mh_options_quote(text, strchr(options->program, '/') ? options->program : "memhp-bench");
	mh_text_add(text, " %s", options->command);
	for (size_t i = 0; i < options->path_count; i++) {
		mh_text_add(text, " ");
		mh_options_quote(text, options->paths[i]);
	}
	for (unsigned i = 0; i < 2; i++)
		for (size_t w = 0; w < options->word_counts[i]; w++) {
			mh_text_add(text, " --%c ", 'a' + i);
			mh_options_quote(text, options->words[i][w]);
		}
	if (strcmp(seed, "-") != 0)
		mh_text_add(text, " --seed %s", seed);
	for (size_t i = 0; i < common->override_count; i++)
		add_assignment(text, &common->overrides[i]);
	for (size_t i = 0; i < common->module_count; i++) {
		mh_text_add(text, " --module ");
		mh_options_quote(text, common->modules[i]);
	}
	if (common->time_scale > 0)
		mh_text_add(text, " --time-scale %g", common->time_scale);
}
