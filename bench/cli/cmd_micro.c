/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench micro [FLAGS] [FILE.so…]: micro-benchmarks, with Google Benchmark's flags. Without a file those that are
 * built in, with files theirs; a ratio may be of any. With ratios, benchmarks run by themselves only when filtered for.
 * With --bars it is the table of bars that runs (micro_bars.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/micro_bars.h"
#include "bench/cli/options.h"
#include "bench/cli/signals.h"
#include "bench/engine/build.h"
#include "bench/micro/bench_file.h"
#include "bench/micro/flags.h"
#include "bench/micro/session.h"

#define FILES_MAX 64
#define FLAGS_MAX 64    /* a bit each in the settings */
#define KEY_FIRST 0x100 /* of argp: the first flag */
#define KEY_BARS  (KEY_FIRST + FLAGS_MAX)
#define SEED      1 /* of the orders that are shuffled: the same in each run */

struct request {
	struct mh_micro_settings settings;
	const char *files[FILES_MAX];
	size_t file_count;
	bool bars, verbose;
};

/* What a call works with, from the tables on. */
struct work {
	const struct mh_micro_settings *settings;
	struct mh_instances instances; /* those of files first, then the built-in ones */
	struct mh_selection selection;
	struct mh_timer timer;
	struct mh_text not_available;
	struct mh_micro_context context;
	struct mh_sink sinks[MH_SINKS_MAX];
	unsigned sink_count;
};

static int complain(const struct mh_error *error)
{
	fprintf(stderr, "memhp-bench micro: error: %s\n", error->text);
	return error->code == -ENOMEM || error->code == -EAGAIN ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE;
}

static void warn(const char *name, const char *sentence)
{
	fprintf(stderr, "memhp-bench micro: warning: %s: %s\n", name, sentence);
}

/* What goes together. */
static int check(const struct request *request, struct mh_error *reterr)
{
	if (request->verbose && !request->bars)
		return mh_error_set(reterr, -EINVAL, "-v tells how bars were measured: it wants --bars");
	if (!request->bars)
		return mh_flags_check(&request->settings, reterr);
	if (request->file_count)
		return mh_error_set(reterr, -EINVAL, "--bars is of built-in benchmarks, not of '%s'",
				    request->files[0]);
	return mh_micro_bars_check(&request->settings, reterr);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;
	struct mh_error error;
	char origin[80];

	if (key >= KEY_FIRST && key < KEY_FIRST + FLAGS_MAX) {
		const struct mh_flag *flag = &mh_flags[key - KEY_FIRST];

		snprintf(origin, sizeof(origin), "--%s", flag->name);
		if (mh_flag_set(flag, &request->settings, origin, argument, &error) < 0)
			argp_error(state, "%s", error.text);
		return 0;
	}
	switch (key) {
	case KEY_BARS:
		request->bars = true;
		return 0;
	case 'v':
		request->verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		if (request->file_count == FILES_MAX)
			argp_error(state, "more than %d files", FILES_MAX);
		request->files[request->file_count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (check(request, &error) < 0)
			argp_error(state, "%s", error.text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"bars", KEY_BARS, NULL, 0, "the table of bars, a line each: \"ID REACHED BAR held|missed\"", 0},
	{"verbose", 'v', NULL, 0, "with --bars: tell on stderr how each was measured", 0},
};
#define OWN_OPTIONS (sizeof(own_options) / sizeof(own_options[0]))

static void make_options(struct argp_option options[FLAGS_MAX + OWN_OPTIONS])
{
	memcpy(options, own_options, sizeof(own_options));
	for (size_t i = 0; mh_flags[i].name; i++)
		options[OWN_OPTIONS + i] = (struct argp_option){
			.name = mh_flags[i].name,
			.key = KEY_FIRST + (int)i,
			.arg = mh_flags[i].argument,
			.flags = mh_flags[i].boolean ? OPTION_ARG_OPTIONAL : 0,
			.doc = mh_flags[i].help,
		};
}

/* @ret_own: how many of the instances are selected from. */
static int load_instances(const struct request *request, struct work *work, size_t *ret_own, struct mh_error *reterr)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < request->file_count; i++) {
		const struct memhp_bench *table;

		ret = mh_bench_file_load(request->files[i], &table, reterr);
		if (ret == 0)
			ret = mh_instances_add(&work->instances, table, request->files[i], reterr);
	}
	*ret_own = work->instances.count;
	if (ret == 0)
		ret = mh_instances_add_built_in(&work->instances, reterr);
	if (!request->file_count)
		*ret_own = work->instances.count;
	return ret;
}

static int select_instances(struct work *work, size_t own, struct mh_error *reterr)
{
	const struct mh_instances candidates = {.items = work->instances.items, .count = own};
	int ret = mh_micro_session_check(work->settings, &work->instances, reterr);

	if (ret < 0 || (work->settings->ratios.count && !work->settings->filter))
		return ret;
	return mh_selection_make(&work->selection, &candidates, work->settings->filter, reterr);
}

static int list(const struct work *work)
{
	for (size_t i = 0; i < work->selection.count; i++)
		puts(work->selection.items[i]->name);
	return MH_EXIT_DONE;
}

static bool wants_colour(const struct mh_micro_settings *settings, int fd)
{
	const struct mh_options options = {.color = settings->colour == MH_COLOUR_AUTO     ? MH_WHEN_AUTO
						    : settings->colour == MH_COLOUR_ALWAYS ? MH_WHEN_ALWAYS
											   : MH_WHEN_NEVER};

	return mh_options_colour(&options, fd);
}

static unsigned longest_name(const struct mh_selection *selection)
{
	size_t longest = 0;

	for (size_t i = 0; i < selection->count; i++)
		if (strlen(selection->items[i]->name) > longest)
			longest = strlen(selection->items[i]->name);
	return (unsigned)longest + 7; /* and "_median" */
}

static struct mh_sink *add_sink(struct work *work, FILE *stream, enum mh_micro_format format)
{
	struct mh_sink *sink = &work->sinks[work->sink_count++];

	*sink = (struct mh_sink){
		.format = format == MH_MICRO_JSON ? &mh_sink_json : &mh_sink_console,
		.stream = stream,
		.aggregates_only = work->settings->report_aggregates_only,
		.tabular = work->settings->tabular,
		.name_width = longest_name(&work->selection),
	};
	return sink;
}

/* Before anything is measured: a file that cannot be written is told at once. */
static int open_sinks(struct work *work)
{
	const struct mh_micro_settings *settings = work->settings;
	struct mh_sink *display = add_sink(work, stdout, settings->format);
	FILE *file;

	display->aggregates_only |= settings->display_aggregates_only;
	display->colour = wants_colour(settings, STDOUT_FILENO);
	if (!settings->out)
		return MH_EXIT_DONE;
	file = fopen(settings->out, "we");
	if (!file) {
		fprintf(stderr, "memhp-bench micro: error: '%s' cannot be written: %s\n", settings->out,
			strerror(errno));
		return MH_EXIT_ENVIRONMENT;
	}
	add_sink(work, file, settings->out_format);
	return MH_EXIT_DONE;
}

static int close_sinks(struct work *work)
{
	int code = MH_EXIT_DONE;

	for (unsigned i = 0; i < work->sink_count; i++) {
		struct mh_sink *sink = &work->sinks[i];
		bool failed;

		mh_sink_end(sink);
		failed = sink->failed;
		if (sink->stream != stdout && fclose(sink->stream) != 0)
			failed = true;
		if (!failed)
			continue;
		code = MH_EXIT_ABORTED;
		if (sink->stream != stdout) /* of which main() tells */
			fprintf(stderr, "memhp-bench micro: error: results could not be written to '%s'\n",
				work->settings->out);
	}
	return code;
}

static void describe(struct work *work)
{
	struct mh_text text = MH_TEXT_INIT;

	if (work->settings->format == MH_MICRO_CONSOLE) {
		mh_micro_context_describe(&work->context, &text);
		fputs(text.data, stderr);
	}
	mh_text_release(&text);
}

static void read_context(struct work *work)
{
	struct mh_result result;

	mh_timer_init(&work->timer);
	mh_micro_context_read(&work->context, &work->timer);
	work->context.settings = work->settings;
	work->context.not_available = work->not_available.data;
	mh_result_init(&result);
	mh_build_describe(&result);
	work->context.version = result.binary.version; /* a constant */
	mh_result_release(&result);
}

/* All that was to run has no result: then the call has none. */
static bool has_nothing(const struct mh_micro_session *session, const struct mh_sink *sink)
{
	return session->skipped && session->skipped == sink->row_count + sink->ratio_count;
}

static int run_session(struct work *work)
{
	struct mh_micro_session session = {
		.settings = work->settings,
		.instances = &work->instances,
		.selection = &work->selection,
		.context = &work->context,
		.sinks = work->sinks,
		.sink_count = work->sink_count,
		.stop = &mh_signal_number,
		.seed = SEED,
		.warn = warn,
	};
	struct mh_error error;
	int code = MH_EXIT_DONE, ret;

	for (unsigned i = 0; i < work->sink_count; i++)
		mh_sink_begin(&work->sinks[i], &work->context);
	ret = mh_micro_session_run(&session, &error);
	if (ret == -EINTR) {
		fprintf(stderr, "memhp-bench micro: %s\n", error.text);
		code = 128 + mh_signal_number;
	} else if (ret < 0) {
		code = complain(&error);
	} else if (has_nothing(&session, &work->sinks[0])) {
		fprintf(stderr, "memhp-bench micro: error: no benchmark could run\n");
		code = MH_EXIT_ENVIRONMENT;
	}
	return mh_exit_combine(code, close_sinks(work));
}

static int run(struct work *work)
{
	int code = open_sinks(work);

	if (code != MH_EXIT_DONE)
		return code;
	mh_signals_catch(0);
	read_context(work);
	describe(work);
	return run_session(work);
}

int mh_cmd_micro(int argc, char **argv)
{
	static struct argp_option options[FLAGS_MAX + OWN_OPTIONS];
	static const struct argp argp = {options,
					 parse,
					 "[FILE.so...]",
					 "Micro-benchmarks, with Google Benchmark's flags: of files, or the built-in "
					 "ones.\vEach flag may come from the environment: BENCHMARK_FILTER=chain.\n\n"
					 "With --bars the filter picks bars by their ids, and --benchmark_dry_run "
					 "rehearses. Exit: 0 each bar that could be measured was held; 1 one was "
					 "missed; 4 none could be measured; else as a run.",
					 NULL,
					 NULL,
					 NULL};
	static struct request request; /* large; one a process */
	static struct work work;
	struct mh_error error;
	size_t own;
	int code;

	make_options(options);
	setenv("ARGP_HELP_FMT", "opt-doc-col=52", 0); /* names are long: a line each all the same */
	mh_settings_init(&request.settings);
	if (mh_flags_from_environment(&request.settings, &error) < 0)
		return complain(&error);
	if (mh_options_parse(&argp, "micro", argc, argv, &request))
		return MH_EXIT_USAGE;
	if (request.bars) {
		code = mh_micro_bars(&request.settings, request.verbose);
		mh_settings_release(&request.settings);
		return code;
	}
	work.settings = &request.settings;
	work.not_available = (struct mh_text)MH_TEXT_INIT;
	mh_perf_keep_available(&request.settings.perf, &work.not_available);
	if (load_instances(&request, &work, &own, &error) < 0 || select_instances(&work, own, &error) < 0)
		code = complain(&error);
	else
		code = request.settings.list ? list(&work) : run(&work);
	mh_selection_release(&work.selection);
	mh_instances_release(&work.instances);
	mh_text_release(&work.not_available);
	mh_settings_release(&request.settings);
	return code;
}
