/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What flags and environment ask for. */
#ifndef BENCH_MICRO_SETTINGS_H
#define BENCH_MICRO_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "bench/micro/perf.h"
#include "bench/micro/unit.h"

#define MH_SETTINGS_PAIRS_MAX 32

enum mh_micro_format { MH_MICRO_CONSOLE, MH_MICRO_JSON };
enum mh_micro_colour { MH_COLOUR_AUTO, MH_COLOUR_ALWAYS, MH_COLOUR_NEVER };

/* Two words: key and value of a context, the two sides of a ratio. */
struct mh_pair {
	char *first, *second; /* owned */
};

struct mh_pair_list {
	struct mh_pair items[MH_SETTINGS_PAIRS_MAX];
	size_t count;
};

struct mh_micro_settings {
	uint64_t given;     /* a bit for each flag, in the order of mh_flags */
	const char *filter; /* NULL: all */
	bool list, dry_run, interleave, tabular, histogram;
	bool report_aggregates_only, display_aggregates_only;
	double min_time_s, warm_up_s;
	uint64_t iterations; /* of --benchmark_min_time=Nx; 0: min_time_s */
	unsigned repetitions;
	enum mh_micro_format format, out_format;
	enum mh_micro_colour colour;
	const char *out; /* NULL: no file */
	const struct mh_time_unit *unit;
	struct mh_perf_set perf;
	struct mh_pair_list context, ratios;
};

void mh_settings_init(struct mh_micro_settings *settings);
void mh_settings_release(struct mh_micro_settings *settings);

#endif
