/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phase, share done, rate, latency, faults, violations, time left; no wider than a terminal of 100 columns.
 */
#include "bench/cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/units.h"
#include "bench/cli/signals.h"

/* Where stderr is no terminal: a line so often, and on SIGUSR1. */
#define PLAIN_EVERY_NS UINT64_C(10000000000)

void mh_progress_line_init(struct mh_progress_line *line, const struct mh_options *options)
{
	*line = (struct mh_progress_line){
		.terminal = isatty(STDERR_FILENO),
		.silent = options->quiet || options->progress == MH_WHEN_NEVER,
		.next_ns = mh_clock_monotonic_ns() + PLAIN_EVERY_NS,
	};
	if (options->progress == MH_WHEN_ALWAYS)
		line->next_ns = 0;
	else if (line->terminal && options->progress == MH_WHEN_AUTO && getenv("TERM") &&
		 strcmp(getenv("TERM"), "dumb") == 0)
		line->terminal = false;
}

static void add_latency(struct mh_text *text, const struct mh_progress *progress)
{
	char p50[32], p99[32], max[32];

	if (progress->max_ns <= 0)
		return;
	mh_text_add(text, "  p50 %s p99 %s max %s", mh_show_duration(p50, sizeof(p50), progress->p50_ns),
		    mh_show_duration(p99, sizeof(p99), progress->p99_ns),
		    mh_show_duration(max, sizeof(max), progress->max_ns));
}

static void compose(struct mh_text *text, const struct mh_progress_line *line, const struct mh_progress *progress)
{
	char rate[32], wanted[32];

	if (line->label)
		mh_text_add(text, "%s ", line->label);
	mh_text_add(text, "%s %u/%u", progress->phase, progress->phase_index + 1, progress->phase_count);
	if (progress->share_done >= 0)
		mh_text_add(text, " %3.0f%%", progress->share_done * 100);
	mh_text_add(text, "  %s/s", mh_show_count(rate, sizeof(rate), progress->rate));
	if (progress->rate_wanted > 0)
		mh_text_add(text, " of %s/s", mh_show_count(wanted, sizeof(wanted), progress->rate_wanted));
	add_latency(text, progress);
	if (progress->fired)
		mh_text_add(text, "  faults %s", mh_show_count(rate, sizeof(rate), (double)progress->fired));
	if (progress->violations)
		mh_text_add(text, "  VIOLATIONS %llu", (unsigned long long)progress->violations);
	if (progress->seconds_left >= 0)
		mh_text_add(text, "  %.0f s left", progress->seconds_left);
}

/* Whether the line is to be told now. */
static bool is_due(struct mh_progress_line *line)
{
	uint64_t now = mh_clock_monotonic_ns();

	if (line->silent)
		return false;
	if (line->terminal)
		return true;
	if (now < line->next_ns && !mh_signal_progress)
		return false;
	line->next_ns = now + PLAIN_EVERY_NS;
	mh_signal_progress = 0;
	return true;
}

static void draw(struct mh_progress_line *line, const char *text)
{
	if (line->terminal)
		fprintf(stderr, "\r%s\033[K", text);
	else
		fprintf(stderr, "%s\n", text);
	fflush(stderr);
	line->drawn = line->terminal;
}

void mh_progress_line_show(void *data, const struct mh_progress *progress)
{
	struct mh_progress_line *line = data;
	struct mh_text text = MH_TEXT_INIT;

	if (!is_due(line))
		return;
	compose(&text, line, progress);
	draw(line, text.data);
	mh_text_release(&text);
}

void mh_progress_line_say(struct mh_progress_line *line, const char *text)
{
	if (is_due(line))
		draw(line, text);
}

void mh_progress_line_clear(struct mh_progress_line *line)
{
	if (line->drawn)
		fprintf(stderr, "\r\033[K");
	line->drawn = false;
}
