/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiling and asking a trigger. Counters run down to 0, so that no condition divides.
 */
#include "faults/trigger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

#define WINDOW_AT(field)  offsetof(struct mh_window, field)
#define TRIGGER_AT(field) offsetof(struct mh_trigger, field)

static const struct mh_schema_row window_rows[] = {
	{.key = "from",
	 .type = MH_VALUE_DURATION,
	 .offset = WINDOW_AT(from_ns),
	 .default_text = "0s",
	 .flags = MH_SCHEMA_SCALED,
	 .help = "time since the phase began, from which the fault may fire"},
	{.key = "to",
	 .type = MH_VALUE_DURATION,
	 .offset = WINDOW_AT(to_ns),
	 .flags = MH_SCHEMA_SCALED,
	 .help = "time since the phase began, from which it no longer may; the end of the phase"},
};

const struct mh_schema mh_window_schema = {
	.name = "window",
	.rows = window_rows,
	.count = sizeof(window_rows) / sizeof(window_rows[0]),
	.size = sizeof(struct mh_window),
};

static const struct mh_schema_row trigger_rows[] = {
	{.key = "window",
	 .type = MH_VALUE_CUSTOM,
	 .offset = TRIGGER_AT(window),
	 .help = "{from, to}: only in this part of the phase"},
	{.key = "after",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = TRIGGER_AT(after),
	 .default_text = "0",
	 .help = "lets so many matching calls of each worker pass first"},
	{.key = "every",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = TRIGGER_AT(every),
	 .default_text = "1",
	 .min = "1",
	 .help = "only every so many-th matching call of each worker"},
	{.key = "times",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = TRIGGER_AT(times),
	 .min = "1",
	 .help = "fires at most so often a phase, dealt out over the workers that can match; without limit"},
	{.key = "space",
	 .type = MH_VALUE_SIZE,
	 .offset = TRIGGER_AT(space_bytes),
	 .default_text = "0MiB",
	 .help = "blocks of this size together pass first, in each worker"},
	{.key = "probability",
	 .type = MH_VALUE_SHARE,
	 .offset = TRIGGER_AT(probability_ppb),
	 .default_text = "100%",
	 .help = "decided by the seed, the fault and the event identity alone"},
	{.key = "burst",
	 .type = MH_VALUE_CUSTOM,
	 .offset = TRIGGER_AT(burst),
	 .help = "{good, bad, mean_good, mean_bad, domain}: instead of probability, one that changes between two "
		 "values"},
	{.key = "nth",
	 .type = MH_VALUE_STRING,
	 .offset = TRIGGER_AT(nth),
	 .help = "instead of probability: only the so many-th call of each worker that passes the other conditions"},
	{.key = "correlate",
	 .type = MH_VALUE_ENUM,
	 .offset = TRIGGER_AT(correlate),
	 .default_text = "none",
	 .values = "none|node",
	 .help = "node: each node has bursts of its own, which all that happens there shares"},
	{.key = "order",
	 .type = MH_VALUE_ENUM,
	 .offset = TRIGGER_AT(order),
	 .default_text = "listed",
	 .values = "listed|kernel",
	 .help = "kernel: the conditions are asked in the order of the kernel's fault_attr"},
};

const struct mh_schema mh_trigger_schema = {
	.name = "trigger",
	.rows = trigger_rows,
	.count = sizeof(trigger_rows) / sizeof(trigger_rows[0]),
	.size = sizeof(struct mh_trigger),
};

static int parse_nth(const char *text, uint64_t *ret_nth, struct mh_error *reterr)
{
	struct mh_error why = {0};
	int ret;

	*ret_nth = 0;
	if (!text)
		return 0;
	if (!strcmp(text, "sweep"))
		return mh_error_set(reterr, -EINVAL,
				    "'nth: sweep' is for the command sweep-faults, which gives a run to each site: "
				    "for one run give a number");
	ret = mh_parse_unsigned(text, ret_nth, &why);
	if (ret < 0)
		return mh_error_set(reterr, ret, "'nth': %s", why.text);
	if (!*ret_nth)
		return mh_error_set(reterr, -ERANGE, "'nth' is 0: the first call is 1");
	return 0;
}

/* Contradictions between keys; *ret_where: the one to show. */
static int check_contradictions(const struct mh_trigger *trigger, const char **ret_where, struct mh_error *reterr)
{
	const struct mh_window *window = &trigger->window;

	*ret_where = "window";
	if (window->to_ns && window->to_ns <= window->from_ns)
		return mh_error_set(reterr, -EINVAL, "'window' is empty: 'to' is not after 'from'");
	*ret_where = "nth";
	if (trigger->nth && trigger->burst.given)
		return mh_error_set(reterr, -EINVAL,
				    "'nth' and 'burst' exclude each other: each stands for the probability");
	if (trigger->nth && trigger->probability_ppb != MH_PPB_ONE)
		return mh_error_set(reterr, -EINVAL, "'nth' and 'probability' exclude each other");
	*ret_where = "burst";
	if (trigger->burst.given && trigger->probability_ppb != MH_PPB_ONE)
		return mh_error_set(reterr, -EINVAL,
				    "'burst' and 'probability' exclude each other: give 'good' and 'bad' in the burst");
	*ret_where = "correlate";
	if (trigger->correlate && !trigger->burst.given)
		return mh_error_set(reterr, -EINVAL, "'correlate' needs 'burst': it says who shares one");
	return 0;
}

static uint64_t scaled(uint64_t ns, double scale)
{
	return scale == 1 ? ns : (uint64_t)((double)ns * scale);
}

static struct mh_trigger_plan plan_of(const struct mh_trigger *trigger, double time_scale)
{
	const struct mh_window *window = &trigger->window;

	return (struct mh_trigger_plan){
		.windowed = window->from_ns || window->to_ns,
		.certain = trigger->probability_ppb == MH_PPB_ONE,
		.bursts = trigger->burst.given,
		.correlated = trigger->correlate == MH_CORRELATE_NODE,
		.kernel_order = trigger->order == MH_ORDER_KERNEL,
		.threshold = mh_share_threshold(trigger->probability_ppb),
		.from_ns = scaled(window->from_ns, time_scale),
		.to_ns = window->to_ns ? scaled(window->to_ns, time_scale) : UINT64_MAX,
		.after = trigger->after,
		.every = trigger->every > 1 ? trigger->every : 0,
		.times = trigger->times,
		.space_bytes = trigger->space_bytes,
	};
}

int mh_trigger_compile(const struct mh_trigger *trigger, double time_scale, uint64_t key,
		       struct mh_trigger_plan *ret_plan, const char **ret_where, struct mh_error *reterr)
{
	struct mh_trigger_plan plan = plan_of(trigger, time_scale);
	int ret = check_contradictions(trigger, ret_where, reterr);

	if (ret < 0)
		return ret;
	*ret_where = "nth";
	ret = parse_nth(trigger->nth, &plan.nth, reterr);
	if (ret < 0)
		return ret;
	*ret_where = "burst";
	if (plan.bursts)
		ret = mh_burst_compile(&trigger->burst, key, &plan.burst, reterr);
	if (ret < 0)
		return ret;
	plan.clocked = plan.windowed || (plan.bursts && !plan.burst.by_events);
	plan.simple = !plan.windowed && !plan.bursts && !plan.after && !plan.every && !plan.times &&
		      !plan.space_bytes && !plan.nth;
	*ret_plan = plan;
	return 0;
}

int mh_trigger_state_init(struct mh_trigger_state *state, const struct mh_trigger_plan *plan, uint64_t times_share,
			  unsigned node_count)
{
	*state = (struct mh_trigger_state){
		.after_left = plan->after,
		.every_left = plan->every,
		.times_left = plan->times ? times_share : UINT64_MAX,
		.space_left = plan->space_bytes,
		.nth_left = plan->nth,
	};
	if (!plan->bursts)
		return 0;
	state->bursts = calloc(plan->correlated ? node_count : 1, sizeof(*state->bursts));
	return state->bursts ? 0 : -ENOMEM;
}

void mh_trigger_state_release(struct mh_trigger_state *state)
{
	free(state->bursts);
	state->bursts = NULL;
}

static bool passes_after(struct mh_trigger_state *state)
{
	if (!state->after_left)
		return true;
	state->after_left--;
	return false;
}

static bool passes_every(const struct mh_trigger_plan *plan, struct mh_trigger_state *state)
{
	if (!plan->every)
		return true;
	if (--state->every_left)
		return false;
	state->every_left = plan->every;
	return true;
}

/* As in the kernel: what is smaller than the budget passes and is taken off it. */
static bool passes_space(struct mh_trigger_state *state, uint64_t size_bytes)
{
	if (state->space_left <= size_bytes)
		return true;
	state->space_left -= size_bytes;
	return false;
}

/* True once, at the nth call; later ones pass by. */
static bool passes_nth(struct mh_trigger_state *state)
{
	return state->nth_left && !--state->nth_left;
}

/* The probability of one call. */
struct chance {
	bool certain;
	uint64_t threshold; /* a draw below it fires */
};

static struct chance burst_chance(const struct mh_trigger_plan *plan, struct mh_trigger_state *state, uint64_t stream,
				  const struct mh_trigger_call *call)
{
	const struct mh_burst_plan *burst = &plan->burst;
	struct mh_burst_state *place = &state->bursts[plan->correlated ? call->node : 0];
	uint64_t line = plan->correlated ? (uint64_t)call->node + 1 : 0;
	bool bad;

	/* Lines by time are shared by all workers; one by events can only be the worker's own. */
	if (burst->by_events)
		bad = mh_burst_bad(burst, place, mh_rng_mix(stream, line), place->position++);
	else
		bad = mh_burst_bad(burst, place, line, call->time_ns);
	return bad ? (struct chance){burst->bad_certain, burst->bad_threshold}
		   : (struct chance){burst->good_certain, burst->good_threshold};
}

static struct chance chance_of(const struct mh_trigger_plan *plan, struct mh_trigger_state *state, uint64_t stream,
			       const struct mh_trigger_call *call)
{
	if (plan->bursts)
		return burst_chance(plan, state, stream, call);
	return (struct chance){plan->certain, plan->threshold};
}

static bool chance_fires(const struct chance *chance, const struct mh_trigger_call *call)
{
	return chance->certain || call->draw < chance->threshold;
}

/* The steps of should_fail() by their numbers in semantics.md 5.2; its filters of tasks (3) and of stacks (8) are here
 * a `where`. */
static bool kernel_fires(const struct mh_trigger_plan *plan, struct mh_trigger_state *state, uint64_t stream,
			 const struct mh_trigger_call *call)
{
	struct chance chance;

	if (plan->nth)
		return passes_nth(state); /* 1 */
	chance = chance_of(plan, state, stream, call);
	if (!chance.certain && !chance.threshold)
		return false;                           /* 2: no counter moves */
	return state->times_left &&                     /* 4 */
	       passes_space(state, call->size_bytes) && /* 5 */
	       passes_every(plan, state) &&             /* 6 */
	       chance_fires(&chance, call);             /* 7 */
}

static bool listed_fires(const struct mh_trigger_plan *plan, struct mh_trigger_state *state, uint64_t stream,
			 const struct mh_trigger_call *call)
{
	struct chance chance;

	if (!passes_every(plan, state) || !state->times_left || !passes_space(state, call->size_bytes))
		return false;
	if (plan->nth)
		return passes_nth(state);
	chance = chance_of(plan, state, stream, call);
	return chance_fires(&chance, call);
}

bool mh_trigger_fires_slow(const struct mh_trigger_plan *plan, struct mh_trigger_state *state, uint64_t stream,
			   const struct mh_trigger_call *call)
{
	bool fires;

	if (plan->windowed && (call->time_ns < plan->from_ns || call->time_ns >= plan->to_ns))
		return false;
	if (!passes_after(state))
		return false;
	if (plan->kernel_order)
		fires = kernel_fires(plan, state, stream, call);
	else
		fires = listed_fires(plan, state, stream, call);
	/* By nth in the kernel's order it may be 0 already. */
	if (fires && state->times_left && state->times_left != UINT64_MAX)
		state->times_left--;
	return fires;
}
