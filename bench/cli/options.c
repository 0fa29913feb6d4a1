/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Common options, by glibc's argp.
 */
#include "bench/cli/options.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/units.h"
#include "bench/cli/exit_codes.h"

enum key { KEY_SEED = 0x100, KEY_FORMAT, KEY_MODULE, KEY_SHARD, KEY_TIMEOUT, KEY_COLOR, KEY_PROGRESS, KEY_TIME_SCALE };

void mh_options_init(struct mh_options *options)
{
	*options = (struct mh_options){.format = MH_FORMAT_TEXT};
}

void mh_options_release(struct mh_options *options)
{
	for (size_t i = 0; i < options->override_count; i++) {
		free((char *)options->overrides[i].label);
		free((char *)options->overrides[i].key);
	}
}

/* @option: "-D"; @shown: what was typed behind it. */
static void add_override(struct argp_state *state, struct mh_options *options, const char *option, const char *shown,
			 const char *assignment)
{
	struct mh_plan_override *override = &options->overrides[options->override_count];
	char *label, *key, *equals;

	if (options->override_count == MH_OPTION_LIST_MAX)
		argp_error(state, "%s is given more than %d times", option, MH_OPTION_LIST_MAX);
	key = strdup(assignment);
	if (!key || asprintf(&label, "%s %s", option, shown) < 0)
		argp_failure(state, MH_EXIT_ENVIRONMENT, 0, "no memory for '%s'", shown);
	equals = strchr(key, '=');
	if (!equals || equals == key)
		argp_error(state, "%s '%s': use KEY=VALUE, for instance %s machine.block_size=2GiB", option, shown,
			   option);
	*equals = '\0';
	*override = (struct mh_plan_override){.label = label, .key = key, .value = equals + 1};
	options->override_count++;
}

static void set_seed(struct argp_state *state, struct mh_options *options, const char *argument)
{
	struct mh_error error;
	uint64_t seed;
	char *assignment;

	if (strcmp(argument, "random") != 0 && mh_parse_unsigned(argument, &seed, &error) < 0)
		argp_error(state, "--seed '%s': %s", argument, error.text);
	if (asprintf(&assignment, "seed=%s", argument) < 0)
		argp_failure(state, MH_EXIT_ENVIRONMENT, 0, "no memory for '%s'", argument);
	options->seed = argument;
	add_override(state, options, "--seed", argument, assignment);
	free(assignment);
}

static int one_of(struct argp_state *state, const char *option, const char *argument, const char *const *words)
{
	size_t count = 0;

	for (; words[count]; count++)
		if (strcmp(argument, words[count]) == 0)
			return (int)count;
	argp_error(state, "%s '%s': %s%s%s unknown", option, argument,
		   mh_text_nearest(argument, words, count) ? "did you mean '" : "",
		   mh_text_nearest(argument, words, count) ? mh_text_nearest(argument, words, count) : "",
		   mh_text_nearest(argument, words, count) ? "'?" : "");
	return 0;
}

uint64_t mh_options_count(struct argp_state *state, const char *option, const char *argument)
{
	struct mh_error error;
	uint64_t count = 0;

	if (mh_parse_unsigned(argument, &count, &error) < 0)
		argp_error(state, "%s '%s': %s", option, argument, error.text);
	if (!count)
		argp_error(state, "%s '%s': use a whole number from 1", option, argument);
	return count;
}

static void set_shard(struct argp_state *state, struct mh_options *options, const char *argument)
{
	char rest;

	if (sscanf(argument, "%u/%u%c", &options->shard, &options->shard_count, &rest) != 2 || options->shard < 1 ||
	    options->shard > options->shard_count)
		argp_error(state, "--shard '%s': use I/N with I from 1 to N, for instance 1/4", argument);
}

static void set_timeout(struct argp_state *state, struct mh_options *options, const char *argument)
{
	struct mh_error error;
	uint64_t ns;

	if (mh_parse_duration(argument, &ns, &error) < 0)
		argp_error(state, "--timeout '%s': %s", argument, error.text);
	options->timeout_s = (unsigned)((ns + 999999999u) / 1000000000u);
	if (!options->timeout_s)
		argp_error(state, "--timeout '%s': nothing could run in no time", argument);
}

static void set_time_scale(struct argp_state *state, struct mh_options *options, const char *argument)
{
	char *end;

	options->time_scale = strtod(argument, &end);
	if (end == argument || *end || !(options->time_scale > 0) || options->time_scale > 1000)
		argp_error(state, "--time-scale '%s': use a number above 0, at most 1000", argument);
}

static const char *const when_words[] = {"auto", "always", "never", NULL};
static const char *const format_words[] = {"text", "json", "json-schema", NULL};

static error_t parse_print(int key, char *argument, struct argp_state *state)
{
	struct mh_options *options = state->input;

	switch (key) {
	case KEY_FORMAT:
		options->format = (enum mh_format)one_of(state, "--format", argument, format_words);
		return 0;
	case KEY_COLOR:
		options->color = (enum mh_when)one_of(state, "--color", argument, when_words);
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	case 'v':
		options->verbose = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_common(int key, char *argument, struct argp_state *state)
{
	struct mh_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case 'o':
		options->output = argument;
		return 0;
	case 'D':
		add_override(state, options, "-D", argument, argument);
		return 0;
	case KEY_SEED:
		set_seed(state, options, argument);
		return 0;
	case KEY_MODULE:
		if (options->module_count == MH_OPTION_LIST_MAX)
			argp_error(state, "--module is given more than %d times", MH_OPTION_LIST_MAX);
		options->modules[options->module_count++] = argument;
		return 0;
	case KEY_SHARD:
		set_shard(state, options, argument);
		return 0;
	case KEY_TIMEOUT:
		set_timeout(state, options, argument);
		return 0;
	case KEY_PROGRESS:
		options->progress = (enum mh_when)one_of(state, "--progress", argument, when_words);
		return 0;
	case KEY_TIME_SCALE:
		set_time_scale(state, options, argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option print_options[] = {
	{"format", KEY_FORMAT, "text|json", 0, "on stdout", 2},
	{"color", KEY_COLOR, "auto|always|never", 0, "NO_COLOR is honoured", 2},
	{"quiet", 'q', NULL, 0, "only errors and the last line", 2},
	{"verbose", 'v', NULL, 0, "more of everything", 2},
	{0},
};

static const struct argp_option common_options[] = {
	{"output", 'o', "DIR", 0, "result folder: absent or empty", 1},
	{"define", 'D', "KEY=VALUE", 0, "override a key of the scenario, -D machine.block_size=2GiB", 1},
	{"seed", KEY_SEED, "SEED", 0, "integer, 0x… or random", 1},
	{"module", KEY_MODULE, "FILE.so", 0, "load a notifier module; \"FILE.so NAME=VALUE …\" with parameters", 1},
	{"time-scale", KEY_TIME_SCALE, "X", 0, "multiply the duration of phases and of triggers' windows", 1},
	{"timeout", KEY_TIMEOUT, "DURATION", 0, "end after this long, exit 7", 1},
	{"shard", KEY_SHARD, "I/N", 0, "only every N-th cell, from the I-th", 1},
	{"progress", KEY_PROGRESS, "auto|always|never", 0, "a line on stderr while it runs", 2},
	{0},
};

const struct argp mh_print_options_argp = {print_options, parse_print, NULL, NULL, NULL, NULL, NULL};

static const struct argp_child common_children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};

const struct argp mh_options_argp = {common_options, parse_common, NULL, NULL, common_children, NULL, NULL};

bool mh_options_colour(const struct mh_options *options, int fd)
{
	const char *term = getenv("TERM");
	const char *no_color = getenv("NO_COLOR");

	if (options->color != MH_WHEN_AUTO)
		return options->color == MH_WHEN_ALWAYS;
	return isatty(fd) && !(no_color && no_color[0]) && term && strcmp(term, "dumb") != 0;
}

bool mh_options_ascii(void)
{
	const char *term = getenv("TERM");

	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || (term && strcmp(term, "dumb") == 0);
}

static void list_option(const struct argp_option *option)
{
	if (!option->name || option->flags & OPTION_HIDDEN)
		return;
	printf("--%s ", option->name);
	if (option->key > ' ' && option->key < 0x7f)
		printf("-%c ", option->key);
	else
		printf("- ");
	puts(option->arg ? option->arg : "-");
}

static void list_options(const struct argp *argp)
{
	for (const struct argp_option *option = argp->options; option && (option->name || option->doc); option++)
		list_option(option);
	for (const struct argp_child *child = argp->children; child && child->argp; child++)
		list_options(child->argp);
}

int mh_options_parse(const struct argp *argp, const char *name, int argc, char **argv, void *input)
{
	char *program;
	int ret;

	if (argc == 2 && strcmp(argv[1], MH_OPTIONS_LIST) == 0) {
		printf("ARGUMENTS - %s\n--help - -\n", argp->args_doc ? argp->args_doc : "-");
		list_options(argp);
		return ECANCELED;
	}
	argp_err_exit_status = MH_EXIT_USAGE;
	if (asprintf(&program, "memhp-bench %s", name) < 0)
		return MH_EXIT_ENVIRONMENT;
	argv[0] = program;
	ret = argp_parse(argp, argc, argv, 0, NULL, input);
	free(program);
	argv[0] = (char *)name;
	return ret;
}

void mh_options_quote(struct mh_text *text, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,%@";

	if (*word && word[strspn(word, plain)] == '\0') {
		mh_text_add(text, "%s", word);
		return;
	}
	mh_text_add(text, "\"");
	for (; *word; word++) {
		if (strchr("\"\\$`", *word))
			mh_text_append(text, "\\", 1);
		mh_text_append(text, word, 1);
	}
	mh_text_add(text, "\"");
}
