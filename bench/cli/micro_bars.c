/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rivals that were built lie in the folder micro beside the program; an installed program has none.
 */
#include "bench/cli/micro_bars.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/cli/exit_codes.h"
#include "bench/cli/signals.h"
#include "bench/micro/bar_run.h"
#include "bench/micro/bench_file.h"
#include "bench/micro/flags.h"

#define SEED                1
#define REHEARSAL_ROUNDS    3
#define REHEARSAL_SAMPLE_NS 20000u

int mh_micro_bars_check(const struct mh_micro_settings *settings, struct mh_error *reterr)
{
	static const char *const meant[] = {"benchmark_filter", "benchmark_dry_run"};

	for (const struct mh_flag *flag = mh_flags; flag->name; flag++)
		if ((settings->given >> (flag - mh_flags) & 1) && strcmp(flag->name, meant[0]) != 0 &&
		    strcmp(flag->name, meant[1]) != 0)
			return mh_error_set(reterr, -EINVAL, "--%s says nothing of bars: use --%s and --%s", flag->name,
					    meant[0], meant[1]);
	return 0;
}

static int complain(const struct mh_error *error)
{
	fprintf(stderr, "memhp-bench micro: error: %s\n", error->text);
	switch (error->code) {
	case -EINTR:
		return 128 + mh_signal_number;
	case -EINVAL:
	case -ENOENT:
		return MH_EXIT_USAGE;
	default:
		return MH_EXIT_ENVIRONMENT;
	}
}

/* NULL: the program's own place is not known. */
static const char *rivals_folder(char folder[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	if (length < 0)
		return NULL;
	folder[length] = '\0';
	slash = strrchr(folder, '/');
	if (!slash || snprintf(slash, (size_t)(folder + PATH_MAX - slash), "/micro") >= folder + PATH_MAX - slash)
		return NULL;
	return folder;
}

/* Those of @folder that are there. */
static int add_rivals(struct mh_instances *instances, const char *folder, struct mh_error *reterr)
{
	static const char *const names[] = {"rival_hdr.so", "rival_ck.so"};
	char path[PATH_MAX];
	int ret = 0;

	for (size_t i = 0; folder && ret == 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		const struct memhp_bench *table;

		if (snprintf(path, sizeof(path), "%s/%s", folder, names[i]) >= (int)sizeof(path) ||
		    access(path, R_OK) != 0)
			continue;
		ret = mh_bench_file_load(path, &table, reterr);
		if (ret == 0)
			ret = mh_instances_add(instances, table, path, reterr);
	}
	return ret;
}

static int code_of(const struct mh_bar_counts *counts, bool rehearsal)
{
	fprintf(stderr, "memhp-bench micro: %u bars held, %u missed, %u not measurable here\n", counts->held,
		counts->missed, counts->not_measurable);
	if (rehearsal)
		return MH_EXIT_DONE;
	if (counts->missed)
		return MH_EXIT_REGRESSED;
	return counts->held ? MH_EXIT_DONE : MH_EXIT_INCONCLUSIVE;
}

static int run(const struct mh_micro_settings *settings, const struct mh_instances *instances, const char *rivals,
	       bool verbose)
{
	struct mh_timer timer;
	struct mh_bar_run run = {
		.context =
			{
				.instances = instances,
				.timer = &timer,
				.rivals = rivals,
				.round_count = settings->dry_run ? REHEARSAL_ROUNDS : MH_BAR_ROUNDS,
				.sample_ns = settings->dry_run ? REHEARSAL_SAMPLE_NS : MH_BAR_SAMPLE_NS,
				.seed = SEED,
				.rehearsal = settings->dry_run,
				.stop = &mh_signal_number,
			},
		.bars = mh_bars,
		.filter = settings->filter,
		.lines = stdout,
		.details_to = verbose ? stderr : NULL,
	};
	struct mh_bar_counts counts;
	struct mh_error error;

	mh_signals_catch(0);
	mh_timer_init(&timer);
	if (settings->dry_run)
		fprintf(stderr, "memhp-bench micro: a rehearsal: no figure means anything\n");
	if (mh_bar_run(&run, &counts, &error) < 0)
		return complain(&error);
	return code_of(&counts, settings->dry_run);
}

int mh_micro_bars(const struct mh_micro_settings *settings, bool verbose)
{
	struct mh_instances instances = {0};
	char folder[PATH_MAX];
	const char *rivals = rivals_folder(folder);
	struct mh_error error;
	int code;

	if (mh_instances_add_built_in(&instances, &error) < 0 || add_rivals(&instances, rivals, &error) < 0)
		code = complain(&error);
	else
		code = run(settings, &instances, rivals, verbose);
	mh_instances_release(&instances);
	return code;
}
