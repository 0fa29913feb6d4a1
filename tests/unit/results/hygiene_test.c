/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which runs count: decided by monitors and probes, and by nothing that is measured. */
#include "results/hygiene.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#include "sample.h"

static const struct mh_hygiene_limits limits = {.dropped_ppb_max = 1000000};

/* A run of one second on two CPUs that nothing disturbed. */
static void clean_run(struct mh_result *ret_run)
{
	struct mh_environment *environment = &ret_run->environment;

	mh_result_init(ret_run);
	ret_run->duration_ns = 1000000000;
	environment->nproc = 2;
	environment->steal_ns = 0;
	environment->ctx_switches_invol = 30;
	environment->probes_before = environment->probes_after = (struct mh_probes){0.3, 2.5, 9};
	snprintf(environment->governor, sizeof(environment->governor), "performance");
}

static void learn_from_clean(struct mh_hygiene_reference *ret_reference)
{
	struct mh_result run;
	const struct mh_result *runs[] = {&run, &run, &run};

	clean_run(&run);
	mh_hygiene_learn(runs, 3, ret_reference);
}

static void leave(struct mh_result *run)
{
	(void)run;
}

static void steal_two_percent(struct mh_result *run)
{
	run->environment.steal_ns = 40000000;
}

static void steal_of_two_ticks(struct mh_result *run)
{
	run->environment.steal_ns = 20000000;
	run->duration_ns = 1000000;
}

static void switch_often(struct mh_result *run)
{
	run->environment.ctx_switches_invol = 151;
}

static void switch_five_times(struct mh_result *run)
{
	run->environment.ctx_switches_invol = 150;
}

static void change_governor(struct mh_result *run)
{
	snprintf(run->environment.governor, sizeof(run->environment.governor), "powersave");
}

static void slow_chase_after(struct mh_result *run)
{
	run->environment.probes_after.chase_ns *= 1.3;
}

static void fast_loop_before(struct mh_result *run)
{
	run->environment.probes_before.loop_ns /= 1.3;
}

static void slow_add_a_little(struct mh_result *run)
{
	run->environment.probes_before.add_ns *= 1.2;
}

static void no_probe(struct mh_result *run)
{
	run->environment.probes_before = run->environment.probes_after = (struct mh_probes){0};
}

static void add_open_phase(struct mh_result *run, const char *role, uint64_t dropped)
{
	struct mh_result_phase *phase = mh_result_add_phase(run);
	struct mh_result_workload *workload = mh_result_add_workload(run, phase);

	phase->role = role;
	workload->target_rate = 1000;
	workload->ops.ok = 990;
	workload->dropped = dropped;
}

static void drop_arrivals(struct mh_result *run)
{
	add_open_phase(run, "measure", 10);
}

static void drop_in_warmup(struct mh_result *run)
{
	add_open_phase(run, "warmup", 10);
}

static void be_slow(struct mh_result *run)
{
	struct mh_histogram histogram = sample_golden();

	cr_assert_eq(mh_result_add_series(run, "steady/response", &histogram), 0);
	mh_histogram_release(&histogram);
}

/* What is done to the run, and words of the reason; NULL: it counts. */
static const struct {
	void (*disturb)(struct mh_result *run);
	const char *word;
} cases[] = {
	{leave, NULL},
	{steal_two_percent, "steal was 2.0 %"},
	{steal_of_two_ticks, NULL},
	{switch_often, "151 involuntary"},
	{switch_five_times, NULL},
	{change_governor, "'performance' to 'powersave'"},
	{slow_chase_after, "chase over 4 MiB after the run took 1.30"},
	{fast_loop_before, "empty loop before the run took 0.77"},
	{slow_add_a_little, NULL},
	{no_probe, NULL},
	{drop_arrivals, "generator was late"},
	{drop_in_warmup, NULL},
	{be_slow, NULL},
};

#define CASES ((int)(sizeof(cases) / sizeof(cases[0])))

ParameterizedTestParameters(hygiene, a_disturbed_run_is_told_by_its_monitor)
{
	static int indices[CASES];

	for (int i = 0; i < CASES; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, CASES);
}

ParameterizedTest(int *index, hygiene, a_disturbed_run_is_told_by_its_monitor)
{
	const char *word = cases[*index].word;
	struct mh_hygiene_reference reference;
	struct mh_text reason = MH_TEXT_INIT;
	struct mh_result run;
	bool holds;

	learn_from_clean(&reference);
	clean_run(&run);
	cases[*index].disturb(&run);
	holds = mh_hygiene_holds(&reference, &limits, &run, &reason);
	cr_expect_eq(holds, !word, "case %d: %s", *index, reason.data);
	cr_expect(!word || strstr(reason.data, word), "case %d: '%s' lacks '%s'", *index, reason.data, word);
	mh_text_release(&reason);
	mh_result_release(&run);
}

Test(hygiene, the_reference_is_the_median_of_both_sides)
{
	struct mh_hygiene_reference reference;
	struct mh_result items[5];
	const struct mh_result *runs[5];

	for (int i = 0; i < 5; i++) {
		clean_run(&items[i]);
		items[i].environment.ctx_switches_invol = i < 4 ? 10 + i : 5000;
		items[i].environment.probes_after.add_ns = 2.5 + i;
		runs[i] = &items[i];
	}
	items[0].environment.ctx_switches_invol = MH_NOT_AVAILABLE;
	mh_hygiene_learn(runs, 5, &reference);
	cr_expect_float_eq(reference.switches, 12.5, 1e-9, "%g", reference.switches);
	cr_expect_float_eq(reference.probes.add_ns, 2.5, 1e-9, "%g", reference.probes.add_ns);
	cr_expect_str_eq(reference.governor, "performance");
}

Test(hygiene, a_short_run_may_have_a_few_switches_where_none_are_usual)
{
	struct mh_hygiene_reference reference;
	struct mh_text reason = MH_TEXT_INIT;
	struct mh_result run;

	learn_from_clean(&reference);
	reference.switches = 0;
	clean_run(&run);
	run.environment.ctx_switches_invol = 20;
	cr_expect(mh_hygiene_holds(&reference, &limits, &run, &reason), "%s", reason.data);
	run.environment.ctx_switches_invol = 21;
	cr_expect_not(mh_hygiene_holds(&reference, &limits, &run, &reason));
	mh_text_release(&reason);
}

Test(hygiene, a_quarter_of_the_pairs_may_go)
{
	cr_expect_eq(mh_hygiene_discards_max(24), 6u);
	cr_expect_eq(mh_hygiene_discards_max(10), 2u);
	cr_expect_eq(mh_hygiene_discards_max(3), 0u);
}
