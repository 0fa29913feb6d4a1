/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options that mean the same in every command, as one argp parser that a command takes in as its child.
 */
#ifndef BENCH_CLI_OPTIONS_H
#define BENCH_CLI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/engine/plan.h"

enum mh_when { MH_WHEN_AUTO, MH_WHEN_ALWAYS, MH_WHEN_NEVER };
enum mh_format { MH_FORMAT_TEXT, MH_FORMAT_JSON, MH_FORMAT_JSON_SCHEMA };

#define MH_OPTION_LIST_MAX 256 /* -D and --module given at most so often */

struct mh_options {
	struct mh_plan_override overrides[MH_OPTION_LIST_MAX];
	size_t override_count;
	const char *modules[MH_OPTION_LIST_MAX];
	size_t module_count;
	const char *output;          /* -o; NULL: the default */
	const char *seed;            /* NULL: the scenario's */
	double time_scale;           /* 0: not given */
	unsigned shard, shard_count; /* this shard from 1; 0: all cells */
	unsigned timeout_s;          /* 0: none */
	enum mh_format format;
	enum mh_when color, progress;
	bool quiet, verbose;
};

/* Takes `struct mh_options *` as its input (state->child_inputs). A wrong value ends the program with exit 2. */
extern const struct argp mh_options_argp;
/* The same with the few that concern only what is printed: --format, --color, -q, -v. */
extern const struct argp mh_print_options_argp;

void mh_options_init(struct mh_options *options);
/* Strings that -D and --seed made. */
void mh_options_release(struct mh_options *options);

/* Whether to colour what goes to @fd: --color, NO_COLOR, TERM=dumb, a terminal. */
bool mh_options_colour(const struct mh_options *options, int fd);
/* Whether block characters can be shown: the locale's character set, TERM=dumb. */
bool mh_options_ascii(void);

/* A whole number from 1, of @option; ends the program with exit 2 where @argument is none. */
uint64_t mh_options_count(struct argp_state *state, const char *option, const char *argument);

/* The one word that mh_options_parse() takes instead of options: it prints all that the command has, for completion. */
#define MH_OPTIONS_LIST "--list-options"

/**
 * mh_options_parse - parse with argp and our conventions: exit 2 on misuse, @name in messages
 *
 * Return: as argp_parse; ECANCELED when MH_OPTIONS_LIST was asked for: the command has then nothing more to do. A line
 * an option is printed, "--LONG -SHORT ARGUMENT" with "-" for what it has not, and first the command's own arguments,
 * as those of "ARGUMENTS".
 */
int mh_options_parse(const struct argp *argp, const char *name, int argc, char **argv, void *input);

/* "a b" for a shell, or the word itself where it needs no quotes; appended to @text. Double quotes, for the verdict
 * line puts the whole command into single ones. */
struct mh_text;
void mh_options_quote(struct mh_text *text, const char *word);

#endif
