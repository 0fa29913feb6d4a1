/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rule of a gate does with made-up runs: how often a change of exactly the tolerance passes, how often which
 * change is called what, and how often identical sides are called anything but PASS.
 *
 * simulation_statistics [--seconds N]   N sets how often each figure is drawn, not how long: the same N gives the same
 * figures everywhere. Exit 0; 1 when a figure left its band; 2 usage.
 *
 * A band is 4 standard errors of the figure wide to both sides, and the rounding of what is expected.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "noise.h"
#include "results/statistics/mann_whitney.h"
#include "rule.h"

#define DRAWS_PER_SECOND 75
#define SECONDS_DEFAULT  20
#define SECONDS_MAX      86400
#define ERRORS           4
#define PAIRS_MAX        64
#define FAMILY           5

static size_t draws;
static unsigned figures, broken;

static double error_of(double share)
{
	return sqrt(fmax(share * (1 - share), 1.0 / (double)draws) / (double)draws);
}

/* Prints @share; a mark follows when it lies outside. */
static void expect_between(double share, double least, double most)
{
	bool holds = share >= least - ERRORS * error_of(least) && share <= most + ERRORS * error_of(most);

	figures++;
	broken += !holds;
	printf(holds ? " %5.3f " : " %5.3f!", share);
	if (!holds)
		fprintf(stderr, "simulation: figure %u is %.4f, not %.4f to %.4f\n", figures, share, least, most);
}

static void expect_about(double share, double expected)
{
	expect_between(share, fmax(expected - 0.01, 0), fmin(expected + 0.01, 1));
}

struct cell {
	double change, run_deviation;
	enum noise noise;
};

struct tally {
	double shares[OUTCOMES], pairs;
};

static struct tally run_cell(const struct rule *rule, const struct cell *cell, const char *stream)
{
	struct tally tally = {0};
	double differences[PAIRS_MAX];
	size_t pairs;

	for (size_t draw = 0; draw < draws; draw++) {
		struct mh_rng rng;

		mh_rng_init(&rng, 1, stream, draw);
		noise_fill(&rng, cell->noise, cell->change, cell->run_deviation, differences,
			   rule->looks[rule->look_count - 1]);
		tally.shares[rule_judge(rule, differences, &pairs)] += 1 / (double)draws;
		tally.pairs += (double)pairs / (double)draws;
	}
	return tally;
}

/* Nothing but PASS is tested: REGRESSED would end some gates before they pass. */
static double false_pass(const struct rule *rule, enum noise noise)
{
	struct rule only_pass = *rule;
	struct cell cell = {rule->tolerance, 0.03, noise};

	only_pass.alpha = DBL_MIN;
	return run_cell(&only_pass, &cell, "false pass").shares[PASS];
}

/* What the levels are for: a bound at 95 % at each look. */
static void show_uncorrected(struct rule rule)
{
	for (size_t look = 0; look < rule.look_count; look++)
		rule.levels[look] = 0.05;
	expect_about(false_pass(&rule, NORMAL), 0.095);
	puts("        5 % at each of 10, 16 and 24");
}

/* At most 5 %, and not much less: what is not spent is lost. Levels are reached in steps of 2^-pairs. */
static void show_false_pass(void)
{
	static const struct rule rules[] = {
		{.looks = {16}, .look_count = 1},
		{.looks = {10, 16, 24}, .look_count = 3},
		{.looks = {16, 24}, .look_count = 2},
		{.looks = {8, 12, 16, 24}, .look_count = 4},
		{.looks = {12, 16, 20, 24, 32}, .look_count = 5},
	};

	puts("PASS at a change of exactly the tolerance; normal and heavy noise, looks and levels");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct rule rule = rules[i];

		rule.tolerance = 0.05;
		rule.family = rule.alpha = 1; /* no look is left out */
		rule.noise = NAN;
		rule_init(&rule);
		for (enum noise noise = NORMAL; noise <= HEAVY; noise++)
			expect_between(false_pass(&rule, noise), 0.035, 0.05);
		for (size_t look = 0; look < rule.look_count; look++)
			printf(" %lu:%.4f", (unsigned long)rule.looks[look], rule.levels[look]);
		puts("");
	}
	show_uncorrected((struct rule){{10, 16, 24}, 3, .tolerance = 0.05, .family = 1, .noise = NAN});
}

static const double changes[] = {0, 0.02, 0.03, 0.05, 0.08};
static const double run_deviations[] = {0.02, 0.03, 0.05};

#define CHANGES        (sizeof(changes) / sizeof(changes[0]))
#define RUN_DEVIATIONS (sizeof(run_deviations) / sizeof(run_deviations[0]))

typedef double expected_table[RUN_DEVIATIONS][CHANGES][OUTCOMES];

static void show_outcomes(const char *title, struct rule *rule, expected_table expected)
{
	rule_init(rule);
	printf("%s: PASS, REGRESSED, undecided, mean pairs\n", title);
	for (size_t d = 0; d < RUN_DEVIATIONS; d++)
		for (size_t c = 0; c < CHANGES; c++) {
			struct cell cell = {changes[c], run_deviations[d], NORMAL};
			struct tally tally;

			rule->noise = sqrt(2) * cell.run_deviation;
			tally = run_cell(rule, &cell, title);
			printf("  run deviation %.0f %%, change %.0f %%:", 100 * cell.run_deviation, 100 * cell.change);
			for (enum outcome outcome = PASS; outcome < OUTCOMES; outcome++)
				expect_about(tally.shares[outcome], expected[d][c][outcome]);
			printf(" %4.1f\n", tally.pairs);
		}
}

static void show_one_look(void)
{
	static expected_table expected = {
		{{1, 0, 0}, {.98, .01, .00}, {.81, .18, .01}, {.05, .95, .00}, {0, 1, 0}},
		{{.995, 0, .004}, {.81, .05, .14}, {.51, .22, .27}, {.05, .80, .15}, {0, .999, .001}},
		{{.81, .001, .19}, {.43, .02, .54}, {.25, .07, .68}, {.05, .27, .68}, {0, .76, .24}},
	};
	struct rule rule = {{16}, 1, .alpha = 0.01, .family = FAMILY, .tolerance = 0.05, .floor = 0.03};

	show_outcomes("one metric of five, 16 pairs", &rule, expected);
}

static void show_three_looks(void)
{
	static expected_table expected = {
		{{1, 0, 0}, {.911, .089, 0}, {.561, .439, 0}, {.012, .988, 0}, {0, 1, 0}},
		{{.998, .002, 0}, {.848, .137, .014}, {.521, .451, .028}, {.029, .967, .004}, {0, 1, 0}},
		{{.923, .007, .07}, {.558, .089, .353}, {.315, .223, .462}, {.046, .659, .295}, {.001, .983, .016}},
	};
	struct rule rule = {{10, 16, 24}, 3, .alpha = 0.01, .family = 1, .tolerance = 0.05, .floor = 0.03};

	show_outcomes("one metric, looks 10, 16, 24", &rule, expected);
}

/* Of five metrics no look at 10 pairs can reach 1 % over three looks: it is skipped. */
static void show_three_looks_of_five(void)
{
	static expected_table expected = {
		{{1, 0, 0}, {.975, .025, 0}, {.733, .267, 0}, {.021, .979, 0}, {0, 1, 0}},
		{{1, 0, 0}, {.903, .063, .035}, {.604, .299, .096}, {.039, .932, .03}, {0, 1, 0}},
		{{.927, .001, .072}, {.572, .028, .401}, {.327, .09, .584}, {.047, .414, .539}, {0, .925, .075}},
	};
	struct rule rule = {{10, 16, 24}, 3, .alpha = 0.01, .family = FAMILY, .tolerance = 0.05, .floor = 0.03};

	show_outcomes("one metric of five, looks 10, 16, 24", &rule, expected);
}

/* Metrics of one run share half of their variance. */
static void fill_family(struct mh_rng *rng, double run_deviation, double rows[FAMILY][PAIRS_MAX], size_t pairs)
{
	for (size_t pair = 0; pair < pairs; pair++) {
		double common = noise_draw(rng, NORMAL);

		for (size_t i = 0; i < FAMILY; i++)
			rows[i][pair] = run_deviation * (common + noise_draw(rng, NORMAL));
	}
}

static struct tally run_family(const struct rule *rule, double run_deviation)
{
	double rows[FAMILY][PAIRS_MAX];
	const double *differences[FAMILY] = {rows[0], rows[1], rows[2], rows[3], rows[4]};
	struct tally tally = {0};
	size_t pairs;

	for (size_t draw = 0; draw < draws; draw++) {
		struct mh_rng rng;

		mh_rng_init(&rng, 1, "family", draw);
		fill_family(&rng, run_deviation, rows, rule->looks[rule->look_count - 1]);
		tally.shares[rule_judge_family(rule, differences, &pairs)] += 1 / (double)draws;
		tally.pairs += (double)pairs / (double)draws;
	}
	return tally;
}

static void show_family(void)
{
	static const double expected[RUN_DEVIATIONS][OUTCOMES] = {{1, 0, 0}, {.998, .001, .001}, {.767, .005, .227}};
	struct rule rule = {{10, 16, 24}, 3, .alpha = 0.01, .family = FAMILY, .tolerance = 0.05, .floor = 0.03};

	rule_init(&rule);
	puts("a gate of 5 metrics on identical sides: PASS, REGRESSED, undecided, mean pairs");
	for (size_t d = 0; d < RUN_DEVIATIONS; d++) {
		struct tally tally = run_family(&rule, run_deviations[d]);

		printf("  run deviation %.0f %%:", 100 * run_deviations[d]);
		for (enum outcome outcome = PASS; outcome < OUTCOMES; outcome++)
			expect_about(tally.shares[outcome], expected[d][outcome]);
		printf(" %4.1f\n", tally.pairs);
	}
}

#define RUNS 10

/* Two samples of runs; whether the test says slower, and whether the shift is also at least 3 %. */
static void compare_runs(struct mh_rng *rng, double change, bool *ret_slower, bool *ret_enough)
{
	double base[RUNS], candidate[RUNS];
	struct mh_two_samples samples = {base, candidate, RUNS, RUNS};
	struct mh_interval shift = {0};

	for (size_t i = 0; i < RUNS; i++) {
		base[i] = 0.03 * noise_draw(rng, NORMAL);
		candidate[i] = log1p(change) + 0.03 * noise_draw(rng, NORMAL);
	}
	*ret_slower = mh_mann_whitney_p(&samples, MH_GREATER) < 0.01;
	(void)mh_mann_whitney_shift(&samples, 0, &shift);
	*ret_enough = *ret_slower && shift.estimate >= log1p(0.03);
}

static void show_two_samples(void)
{
	static const double expected[][3] = {
		{0, .009, .006}, {.03, .36, .33}, {.05, .82, .81}, {.08, .997, .997}}; /* change, slower, enough */

	puts("10 against 10 runs of deviation 3 %, one-sided 1 %: slower, slower by 3 % and more");
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		double slower = 0, enough = 0;

		for (size_t draw = 0; draw < draws; draw++) {
			struct mh_rng rng;
			bool is_slower, is_enough;

			mh_rng_init(&rng, 1, "two samples", draw);
			compare_runs(&rng, expected[i][0], &is_slower, &is_enough);
			slower += is_slower / (double)draws;
			enough += is_enough / (double)draws;
		}
		printf("  change %.0f %%:", 100 * expected[i][0]);
		expect_about(slower, expected[i][1]);
		expect_about(enough, expected[i][2]);
		puts("");
	}
}

/* 0: not a number of seconds. */
static unsigned long seconds_of(int argc, char **argv)
{
	char *end;
	unsigned long seconds;

	if (argc == 1)
		return SECONDS_DEFAULT;
	if (argc != 3 || strcmp(argv[1], "--seconds") != 0)
		return 0;
	seconds = strtoul(argv[2], &end, 10);
	return *end || seconds > SECONDS_MAX ? 0 : seconds;
}

int main(int argc, char **argv)
{
	unsigned long seconds = seconds_of(argc, argv);

	if (seconds == 0) {
		fprintf(stderr, "simulation: usage: %s [--seconds 1…%d]\n", argv[0], SECONDS_MAX);
		return 2;
	}
	setlinebuf(stdout);
	draws = seconds * DRAWS_PER_SECOND;
	show_false_pass();
	show_one_look();
	show_three_looks();
	show_three_looks_of_five();
	show_family();
	show_two_samples();
	printf("%u figures of %zu draws each, %u outside of their bands\n", figures, draws, broken);
	return broken > 0;
}
