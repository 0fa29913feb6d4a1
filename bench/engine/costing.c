/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/engine/costing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sync.h"

#define POINTS 2 /* at which it acts */

static const enum mh_hook_point points[POINTS] = {MH_HOOK_EVENT, MH_HOOK_ISOLATE};

/* What is drawn and added up at one place. */
struct charge {
	const struct mh_distribution **parts;
	size_t count;
};

struct mh_costing_listener {
	const struct mh_costing *costing;
	const char *name; /* the recording's */
	const struct mh_distribution *parts[MH_EVENT_COUNT][MH_COST_CLASSES];
};

struct mh_costing {
	const struct mh_scenario *scenario;
	struct mh_machine *machine;
	const struct mh_clock *clock;
	uint64_t key;
	struct mh_costs costs;
	struct mh_distribution *distributions; /* by series */
	unsigned classes[MH_COST_CLASSES];     /* whose costs a class has: its own, or those of the other one */
	struct charge isolating[MH_COST_CLASSES];
	struct charge walking[MH_EVENT_COUNT][MH_COST_CLASSES];
	struct mh_costing_listener *listeners;
	size_t listener_count;
	struct mh_hook hooks[POINTS];
	const struct mh_hook *behind[POINTS]; /* what was armed there before, or NULL */
};

/* The walk that this thread's operation is in, for its listeners; a thread without operations has none. And what keeps
 * its draws apart from those of other threads. */
static _Thread_local int walked_event = -1;
static _Thread_local unsigned walked_class;
static _Thread_local uint64_t drawn_stream;

/* Sleeping gives the CPU away, as the kernel's operation would, but ends late. */
static void spend(const struct mh_costing *costing, double ns)
{
	const uint64_t until = mh_clock_ticks(costing->clock) + mh_clock_ticks_of_ns(costing->clock, (uint64_t)ns);

	if (ns > MH_COSTING_SPIN_NS)
		mh_sleep_ns((uint64_t)ns - MH_COSTING_EARLY_NS);
	while (mh_clock_ticks(costing->clock) < until)
		mh_cpu_relax();
}

static double draw(const struct mh_costing *costing, const struct mh_distribution *distribution)
{
	static _Thread_local uint64_t draws;
	struct mh_rng rng = {.key = mh_rng_mix(costing->key ^ drawn_stream, draws++)};

	return mh_distribution_draw(distribution, &rng);
}

static void spend_charge(const struct mh_costing *costing, const struct charge *charge)
{
	double ns = 0;

	for (size_t i = 0; i < charge->count; i++)
		ns += draw(costing, charge->parts[i]);
	if (ns >= 1)
		spend(costing, ns);
}

void mh_costing_spend(const struct mh_costing_listener *listener)
{
	const struct mh_distribution *part;

	if (walked_event < 0)
		return;
	part = listener->parts[walked_event][walked_class];
	if (part)
		spend(listener->costing, draw(listener->costing, part));
}

static unsigned class_of(bool online, bool node)
{
	return (online ? MH_COST_ONLINE : 0) | (node ? MH_COST_NODE : 0);
}

/* Before core itself has asked: does the block hold all of its node's memory? */
static bool takes_last(const struct mh_costing *costing, const struct mh_hook_site *site)
{
	uint64_t present_pages = 0;

	for (int kind = 0; kind <= MH_ZONE_MOVABLE; kind++) {
		struct mh_zone_extent extent;

		mh_machine_zone_extent(costing->machine, site->node, (enum mh_zone_kind)kind, &extent);
		present_pages += extent.present_pages;
	}
	return site->pages >= present_pages;
}

static int run_behind(const struct mh_hook *behind, const struct mh_hook_site *site, int value)
{
	return behind ? behind->run(behind->data, site, value) : value;
}

static int run_event(void *data, const struct mh_hook_site *site, int value)
{
	const struct mh_costing *costing = data;
	const unsigned class = class_of(site->operation->online, site->operation->first_memory);

	walked_event = (int)site->event;
	walked_class = class;
	drawn_stream = site->operation->identity.stream;
	spend_charge(costing, &costing->walking[site->event][class]);
	return run_behind(costing->behind[0], site, value);
}

static int run_isolate(void *data, const struct mh_hook_site *site, int value)
{
	const struct mh_costing *costing = data;

	drawn_stream = site->operation->identity.stream;
	spend_charge(costing, &costing->isolating[class_of(false, takes_last(costing, site))]);
	return run_behind(costing->behind[1], site, value);
}

/* A step's; else the event of a walk or a listener. */
static int event_of(const struct mh_cost_series *series)
{
	if (series->key.kind != MH_COST_STEP)
		return mh_event_parse(series->key.event);
	if (series->class & MH_COST_ONLINE)
		return MH_GOING_ONLINE;
	return strcmp(series->key.name, "migrate") == 0 ? MH_OFFLINE : MH_GOING_OFFLINE;
}

/* The walks of an operation that succeeds. */
#define ONLINE_EVENTS                                                                                                  \
	(1u << MH_PREPARE_ONLINE | 1u << MH_GOING_ONLINE | 1u << MH_ONLINE | 1u << MH_NODE_ADDING_FIRST_MEMORY |       \
	 1u << MH_NODE_ADDED_FIRST_MEMORY)
#define OFFLINE_EVENTS                                                                                                 \
	(1u << MH_GOING_OFFLINE | 1u << MH_OFFLINE | 1u << MH_FINISH_OFFLINE | 1u << MH_NODE_REMOVING_LAST_MEMORY |    \
	 1u << MH_NODE_REMOVED_LAST_MEMORY)

/* Where a series is charged in operations of @class. A walk that they do not have here, where another kernel's protocol
 * is kept than that of the recording, is charged with the first that they have. */
static enum mh_event place_of(const struct mh_costing *costing, const struct mh_cost_series *series, unsigned class)
{
	const bool online = class & MH_COST_ONLINE;
	const int event = event_of(series);
	unsigned events = mh_machine_protocol(costing->machine)->events & (online ? ONLINE_EVENTS : OFFLINE_EVENTS);

	if (!(class & MH_COST_NODE))
		events &= ~MH_EVENTS_NODE;
	if (events >> event & 1)
		return (enum mh_event)event;
	return online ? MH_GOING_ONLINE : MH_GOING_OFFLINE;
}

static bool is_of_isolating(const struct mh_cost_series *series)
{
	return series->key.kind == MH_COST_STEP && !(series->class & MH_COST_ONLINE) &&
	       (strcmp(series->key.name, "drain") == 0 || strcmp(series->key.name, "isolate") == 0);
}

int mh_costing_check(const struct mh_costs *costs, const char *name, struct mh_error *reterr)
{
	for (unsigned online = 0; online < 2; online++)
		if (!costs->fitted[online].count && !costs->fitted[online | MH_COST_NODE].count)
			return mh_error_set(reterr, -EINVAL, "'%s' holds no %s operation", name,
					    mh_cost_class_names[online]);
	for (size_t i = 0; i < costs->series_count; i++)
		if (event_of(&costs->series[i]) < 0)
			return mh_error_set(reterr, -EINVAL, "'%s': series[%zu]: no kernel has an event '%s'", name, i,
					    costs->series[i].key.event);
	return 0;
}

static const struct mh_scenario_listener *listener_named(const struct mh_scenario_chain *chain, const char *name)
{
	for (size_t i = 0; i < chain->listener_count; i++)
		if (strcmp(chain->listeners[i].name, name) == 0)
			return &chain->listeners[i];
	return NULL;
}

static bool has_own_cost(const struct mh_scenario_chain *chain, const struct mh_scenario_listener *listener)
{
	return mh_distribution_mean(&chain->notifiers[listener->notifier].cost) > 0;
}

static struct mh_costing_listener *find(const struct mh_costing *costing, const char *name)
{
	for (size_t i = 0; i < costing->listener_count; i++)
		if (strcmp(costing->listeners[i].name, name) == 0)
			return &costing->listeners[i];
	return NULL;
}

const struct mh_costing_listener *mh_costing_find(const struct mh_costing *costing,
						  const struct mh_scenario_chain *chain, const char *name)
{
	const struct mh_scenario_listener *listener = listener_named(chain, name);

	return listener && !has_own_cost(chain, listener) ? find(costing, name) : NULL;
}

static int add(struct charge *charge, const struct mh_distribution *part)
{
	const struct mh_distribution **moved = realloc(charge->parts, (charge->count + 1) * sizeof(*moved));

	if (!moved)
		return -ENOMEM;
	charge->parts = moved;
	moved[charge->count++] = part;
	return 0;
}

/* The scenario's listener of that name spends it, or, with a `cost` of its own, what that says instead: then nobody
 * finds what is placed here. */
static bool is_spent_by_listener(struct mh_costing *costing, const struct mh_cost_series *series, unsigned class,
				 const struct mh_distribution *part)
{
	const struct mh_scenario_chain *chain = &costing->scenario->chain;
	const struct mh_scenario_listener *listener = listener_named(chain, series->key.name);
	const enum mh_event event = place_of(costing, series, class);
	struct mh_costing_listener *recorded;

	if ((int)event != event_of(series) || !listener || !(listener->events >> event & 1))
		return false;
	recorded = find(costing, series->key.name);
	if (!recorded) {
		recorded = &costing->listeners[costing->listener_count++];
		recorded->costing = costing;
		recorded->name = series->key.name;
	}
	recorded->parts[event][class] = part;
	return true;
}

static int place(struct mh_costing *costing, size_t index, unsigned class)
{
	const struct mh_cost_series *series = &costing->costs.series[index];
	const struct mh_distribution *part = &costing->distributions[index];

	if (series->key.kind == MH_COST_LISTENER && is_spent_by_listener(costing, series, class, part))
		return 0;
	if (is_of_isolating(series))
		return add(&costing->isolating[class], part);
	return add(&costing->walking[place_of(costing, series, class)][class], part);
}

/* Those of the class itself or, where it was not recorded, of the other one of its direction. */
static int place_class(struct mh_costing *costing, unsigned class)
{
	const struct mh_costs *costs = &costing->costs;
	const unsigned source = costs->fitted[class].count ? class : class ^ MH_COST_NODE;
	int ret = 0;

	costing->classes[class] = source;
	for (size_t i = 0; ret == 0 && i < costs->series_count; i++)
		if (costs->series[i].class == source)
			ret = place(costing, i, class);
	return ret;
}

static int place_all(struct mh_costing *costing)
{
	const size_t count = costing->costs.series_count;
	int ret = 0;

	costing->distributions = calloc(count, sizeof(costing->distributions[0]));
	costing->listeners = calloc(count, sizeof(costing->listeners[0]));
	if (!costing->distributions || !costing->listeners)
		return -ENOMEM;
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = mh_cost_distribution(&costing->costs.series[i].own, &costing->distributions[i]);
	for (unsigned class = 0; ret == 0 && class < MH_COST_CLASSES; class ++)
		ret = place_class(costing, class);
	return ret;
}

int mh_costing_new(const struct mh_scenario *scenario, struct mh_machine *machine, const struct mh_clock *clock,
		   uint64_t seed, struct mh_costing **ret_costing, struct mh_error *reterr)
{
	struct mh_costing *costing;
	int ret;

	if (!mh_machine_has_hooks())
		return mh_error_set(reterr, -EOPNOTSUPP,
				    "costs cannot be replayed: this program was built without hooks; build it with "
				    "-DMEMHP_HOOKS=ON");
	costing = calloc(1, sizeof(*costing));
	if (!costing)
		return mh_error_set(reterr, -ENOMEM, "no memory for costs");
	costing->scenario = scenario;
	costing->machine = machine;
	costing->clock = clock;
	costing->key = mh_rng_key(seed, "costs", 0);
	ret = mh_costs_load(scenario->costs, &costing->costs, reterr);
	if (ret == 0)
		ret = mh_costing_check(&costing->costs, scenario->costs, reterr);
	if (ret == 0 && place_all(costing) < 0)
		ret = mh_error_set(reterr, -ENOMEM, "no memory for costs");
	if (ret < 0) {
		mh_costing_free(costing);
		return ret;
	}
	*ret_costing = costing;
	return 0;
}

void mh_costing_free(struct mh_costing *costing)
{
	if (!costing)
		return;
	for (size_t i = 0; costing->distributions && i < costing->costs.series_count; i++)
		mh_distribution_release(&costing->distributions[i]);
	for (unsigned class = 0; class < MH_COST_CLASSES; class ++) {
		free(costing->isolating[class].parts);
		for (int event = 0; event < MH_EVENT_COUNT; event++)
			free(costing->walking[event][class].parts);
	}
	free(costing->distributions);
	free(costing->listeners);
	mh_costs_release(&costing->costs);
	free(costing);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void mh_costing_report(const struct mh_costing *costing, struct mh_result *result)
{
	const struct mh_costs *costs = &costing->costs;
	struct mh_costs_verdict verdict = {.validated = false};
	char date[16], words[64];

	mh_costs_date(costs, date);
	(void)mh_costs_validate(costs, &verdict, NULL);
	mh_costs_verdict_words(&verdict, words);
	result->times = mh_result_format(result, "recorded costs %s (Linux %s, %s%s, %s), %s",
					 base_name(costing->scenario->costs), costs->kernel, costs->machine,
					 costs->emulated ? ", emulated" : "", date, words);
	result->emulated = costs->emulated;
	for (unsigned class = 0; class < MH_COST_CLASSES; class ++)
		if (costing->classes[class] != class)
			(void)mh_result_add_warning(result, "costs: no '%s' was recorded: it takes what '%s' takes",
						    mh_cost_class_names[class],
						    mh_cost_class_names[costing->classes[class]]);
}

void mh_costing_arm(struct mh_costing *costing)
{
	static int (*const runs[POINTS])(void *data, const struct mh_hook_site *site, int value) = {run_event,
												    run_isolate};

	for (unsigned i = 0; costing && i < POINTS; i++) {
		costing->behind[i] = mh_machine_hook_at(costing->machine, points[i]);
		costing->hooks[i] = (struct mh_hook){.run = runs[i], .data = costing};
		mh_machine_hook(costing->machine, points[i], &costing->hooks[i]);
	}
}

void mh_costing_disarm(struct mh_costing *costing)
{
	for (unsigned i = 0; costing && i < POINTS; i++)
		mh_machine_hook(costing->machine, points[i], costing->behind[i]);
}
