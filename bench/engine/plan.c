/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File, then command line, then sweep, then each cell: the tree is copied and substituted for each, so that a cell is
 * checked with the values that it will run with.
 */
#include "bench/engine/plan.h"

#include "base/rng.h"
#include "base/units.h"
#include "bench/engine/load.h"
#include "bench/engine/merge.h"
#include "bench/engine/module_option.h"
#include "bench/engine/sweep.h"
#include "bench/engine/variables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct loading {
	const struct mh_plan_request *request;
	struct mh_reader reader;
	struct mh_node *root;
	struct mh_plan *plan;
	bool undefined; /* a variable was not: whether each parameter is used cannot be said */
};

uint64_t mh_plan_seed(uint64_t seed, const char *cell_id, uint64_t run)
{
	char name[MH_CELL_ID_MAX + 8];

	snprintf(name, sizeof(name), "cell/%s", cell_id);
	return mh_rng_key(seed, name, run);
}

/* --duration D: the `for` of each measure phase. */
static int duration_set(struct loading *loading, const char *duration)
{
	struct mh_arena *arena = &loading->reader.arena;
	const struct mh_node *phases = mh_node_find(loading->root, "phases");
	const char *label = mh_arena_print(arena, "--duration %s", duration);
	struct mh_place place = {0};
	bool set = false;

	place.source = label ? mh_source_new(&loading->reader, label, "", NULL, 0) : NULL;
	if (!place.source)
		return -ENOMEM;
	for (size_t i = 0; phases && phases->kind == MH_NODE_LIST && i < phases->count; i++) {
		const char *role = mh_node_find_text(phases->items[i], "role");

		if (!role || strcmp(role, "measure") != 0 || !mh_node_find(phases->items[i], "for"))
			continue;
		set = true;
		if (!mh_node_set(arena, phases->items[i], "for", place, mh_node_scalar(arena, place, duration)))
			return -ENOMEM;
	}
	if (set)
		return 0;
	mh_diagnose(&loading->reader.diagnostics, place, "no measure phase is bounded by 'for'");
	return -EINVAL;
}

static bool bounds_too_much(const struct mh_node *phase, uint64_t ops)
{
	const char *text = mh_node_find_text(phase, "ops");
	uint64_t own;

	if (mh_node_find(phase, "for"))
		return true;
	return text && mh_parse_unsigned(text, &own, NULL) == 0 && own > ops;
}

/* --ops N: phases by time would take as long for each run, and not do the same in each. */
static int ops_set(struct loading *loading, uint64_t ops)
{
	struct mh_arena *arena = &loading->reader.arena;
	const struct mh_node *phases = mh_node_find(loading->root, "phases");
	const char *text = mh_arena_print(arena, "%llu", (unsigned long long)ops);
	struct mh_place place = {.source = mh_source_new(&loading->reader, "--ops", "", NULL, 0)};

	if (!text || !place.source)
		return -ENOMEM;
	for (size_t i = 0; phases && phases->kind == MH_NODE_LIST && i < phases->count; i++) {
		struct mh_node *phase = phases->items[i];

		if (phase->kind != MH_NODE_MAP || !bounds_too_much(phase, ops))
			continue;
		mh_node_remove(phase, "for");
		if (!mh_node_set(arena, phase, "ops", place, mh_node_scalar(arena, place, text)))
			return -ENOMEM;
	}
	return 0;
}

static bool is_marked(const struct mh_node *fault)
{
	const struct mh_node *trigger = mh_node_find(fault, "trigger");
	const char *nth = trigger && trigger->kind == MH_NODE_MAP ? mh_node_find_text(trigger, "nth") : NULL;

	return nth && strcmp(nth, "sweep") == 0;
}

/* The fault never fires, and that is no reason to distrust the run. */
static int hold_back(struct loading *loading, struct mh_node *fault)
{
	struct mh_arena *arena = &loading->reader.arena;
	struct mh_plan *plan = loading->plan;
	const char *name = mh_node_find_text(fault, "name");
	struct mh_node *never;
	int ret = mh_document_value(&loading->reader, fault->place, MH_PLAN_NEVER, &never);

	if (ret < 0 || !name)
		return ret; /* a fault without a name is told where it is bound */
	plan->swept[plan->swept_count] = strdup(name);
	if (!plan->swept[plan->swept_count++] || !mh_node_set(arena, fault, "trigger", fault->place, never) ||
	    !mh_node_set(arena, fault, "optional", fault->place, mh_node_scalar(arena, fault->place, "true")))
		return -ENOMEM;
	return 0;
}

/* Those that are marked; all, when none is. */
static int faults_hold_back(struct loading *loading)
{
	const struct mh_node *faults = mh_node_find(loading->root, "faults");
	bool marked = false;

	if (!faults || faults->kind != MH_NODE_LIST)
		return 0;
	loading->plan->swept = calloc(faults->count + 1, sizeof(loading->plan->swept[0]));
	if (!loading->plan->swept)
		return -ENOMEM;
	for (size_t i = 0; i < faults->count; i++)
		marked |= is_marked(faults->items[i]);
	for (size_t i = 0; i < faults->count; i++)
		if (faults->items[i]->kind == MH_NODE_MAP && (!marked || is_marked(faults->items[i])) &&
		    hold_back(loading, faults->items[i]) == -ENOMEM)
			return -ENOMEM;
	return 0;
}

/* What the command line changes; what is wrong with it is told, and the file is still worth reading. */
static int command_line_apply(struct loading *loading)
{
	const struct mh_plan_request *request = loading->request;

	for (size_t i = 0; i < request->override_count; i++) {
		const struct mh_plan_override *override = &request->overrides[i];
		int ret = mh_merge_override(&loading->reader, loading->root, override->label, override->key,
					    override->value);

		if (ret == -ENOMEM)
			return ret;
	}
	for (size_t i = 0; i < request->module_count; i++)
		if (mh_module_option_add(&loading->reader, loading->root, request->modules[i]) < 0)
			return -ENOMEM;
	for (size_t i = 0; i < request->replacement_count; i++)
		if (mh_module_option_replace(&loading->reader, loading->root, request->replacements[i]) < 0)
			return -ENOMEM;
	if (request->sweeps && faults_hold_back(loading) < 0)
		return -ENOMEM;
	if (request->ops && ops_set(loading, request->ops) < 0)
		return -ENOMEM;
	if (request->duration && duration_set(loading, request->duration) == -ENOMEM)
		return -ENOMEM;
	return 0;
}

/* Makes the seed a number: `random`, and none at all, are drawn here, once for all cells. */
static int seed_settle(struct loading *loading, uint64_t *ret_seed)
{
	struct mh_arena *arena = &loading->reader.arena;
	struct mh_pair *pair = mh_node_find_pair(loading->root, "seed");
	struct mh_node *node = NULL;
	uint64_t seed;
	char *text;

	if (pair) {
		int ret = mh_variables_substitute(&loading->reader, pair->value, NULL, 0, &node);

		if (ret == -ENOMEM)
			return ret;
		pair->value = node;
	}
	if (node && (node->kind != MH_NODE_SCALAR || strcmp(node->text, "random") != 0)) {
		*ret_seed =
			0; /* what is wrong with it is told when the cell is bound; only shuffling needs it before */
		if (node->kind == MH_NODE_SCALAR && mh_parse_unsigned(node->text, &seed, NULL) == 0)
			*ret_seed = seed;
		return 0;
	}
	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		return -EIO;
	*ret_seed = seed;
	text = mh_arena_print(arena, "0x%016llx", (unsigned long long)seed);
	node = text ? mh_node_scalar(arena, loading->root->place, text) : NULL;
	return mh_node_set(arena, loading->root, "seed", loading->root->place, node) ? 0 : -ENOMEM;
}

static int cell_name(struct mh_plan_cell *cell, const struct mh_plan *plan, const struct mh_variable *variables,
		     size_t count)
{
	char id[MH_CELL_ID_MAX];
	unsigned same = 1;

	mh_sweep_cell_id(variables, count, id);
	for (size_t i = 0; i < plan->cell_count; i++)
		same += strncmp(plan->cells[i].id, id, strlen(id)) == 0 &&
			(plan->cells[i].id[strlen(id)] == '\0' || plan->cells[i].id[strlen(id)] == '~');
	if (same == 1)
		cell->id = strdup(id);
	else if (asprintf(&cell->id, "%s~%u", id, same) < 0)
		cell->id = NULL;
	cell->parameters = calloc(count + 1, sizeof(*cell->parameters));
	if (!cell->id || !cell->parameters)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		cell->parameters[i].name = strdup(variables[i].name);
		cell->parameters[i].value = strdup(variables[i].value);
		cell->parameter_count++;
		if (!cell->parameters[i].name || !cell->parameters[i].value)
			return -ENOMEM;
	}
	return 0;
}

static void cell_release(struct mh_plan_cell *cell)
{
	for (size_t i = 0; i < cell->parameter_count; i++) {
		free(cell->parameters[i].name);
		free(cell->parameters[i].value);
	}
	free(cell->parameters);
	free(cell->id);
	mh_scenario_free(cell->scenario);
}

static int cell_load(struct loading *loading, const struct mh_sweep *sweep, size_t point, bool *used)
{
	struct mh_plan_cell *cell = &loading->plan->cells[loading->plan->cell_count];
	struct mh_variable variables[MH_SWEEP_PARAMETERS_MAX];
	const size_t count = sweep->parameter_count;
	struct mh_node *tree;
	int ret, load_ret;

	mh_sweep_point(sweep, point, variables);
	ret = cell_name(cell, loading->plan, variables, count);
	loading->plan->cell_count++;
	if (ret < 0)
		return ret;
	ret = mh_variables_substitute(&loading->reader, loading->root, variables, count, &tree);
	if (ret == -ENOMEM)
		return ret;
	for (size_t i = 0; i < count; i++)
		used[i] |= variables[i].used;
	loading->undefined |= ret < 0;
	load_ret = mh_scenario_load(&loading->reader, tree, loading->request->time_scale, &cell->scenario);
	return load_ret < 0 ? load_ret : ret;
}

static int sweep_check_used(struct loading *loading, const struct mh_sweep *sweep, const bool *used)
{
	int ret = 0;

	for (size_t i = 0; i < sweep->parameter_count; i++) {
		if (used[i])
			continue;
		mh_diagnose(&loading->reader.diagnostics, sweep->parameters[i].place,
			    "nothing uses the parameter: write ${sweep.%s} where its values belong",
			    sweep->parameters[i].name);
		ret = -EINVAL;
	}
	return ret;
}

/* One name and one number of runs: a result folder has one of each. */
static int cells_check_alike(struct loading *loading)
{
	const struct mh_plan *plan = loading->plan;

	for (size_t i = 1; i < plan->cell_count; i++) {
		const struct mh_scenario *first = plan->cells[0].scenario, *other = plan->cells[i].scenario;
		const char *key = strcmp(first->name, other->name) != 0 ? "name"
				  : first->runs != other->runs          ? "runs"
									: NULL;

		if (!key)
			continue;
		mh_diagnose(&loading->reader.diagnostics, mh_node_find(loading->root, key)->place,
			    "'%s' must be the same in all cells", key);
		return -EINVAL;
	}
	return 0;
}

static int cells_load(struct loading *loading, const struct mh_sweep *sweep)
{
	bool used[MH_SWEEP_PARAMETERS_MAX] = {false};
	int result = 0;

	loading->plan->cells = calloc(sweep->point_count, sizeof(*loading->plan->cells));
	if (!loading->plan->cells)
		return -ENOMEM;
	for (size_t i = 0; i < sweep->point_count; i++) {
		int ret = cell_load(loading, sweep, sweep->points[i], used);

		if (ret == -ENOMEM)
			return ret;
		result = ret < 0 ? ret : result;
	}
	if ((!loading->undefined && sweep_check_used(loading, sweep, used) < 0) || result < 0)
		return -EINVAL;
	return cells_check_alike(loading);
}

/* `sweep` is taken out of the tree: the cells have none. */
static int sweep_take(struct loading *loading, uint64_t seed, struct mh_sweep *ret_sweep)
{
	struct mh_node *node = mh_node_find(loading->root, "sweep");
	int ret = node ? mh_variables_substitute(&loading->reader, node, NULL, 0, &node) : 0;

	if (ret < 0)
		return ret;
	mh_node_remove(loading->root, "sweep");
	return mh_sweep_parse(&loading->reader, node, seed, MH_PLAN_CELLS_MAX, ret_sweep);
}

static int plan_describe(struct loading *loading, const struct mh_source *source)
{
	struct mh_plan *plan = loading->plan;
	const struct mh_scenario *first = plan->cells[0].scenario;

	plan->name = strdup(first->name);
	plan->path = strdup(loading->request->path);
	plan->source = malloc(source->size + 1);
	if (!plan->name || !plan->path || !plan->source)
		return -ENOMEM;
	memcpy(plan->source, source->text, source->size + 1);
	plan->source_size = source->size;
	plan->seed = first->seed;
	plan->runs = first->runs;
	return 0;
}

static int plan_fill(struct loading *loading)
{
	struct mh_source *source = NULL;
	struct mh_sweep sweep;
	uint64_t seed = 0;
	int ret = mh_merge_extends(&loading->reader, loading->request->path, &loading->root, &source);

	if (ret == 0)
		ret = command_line_apply(loading);
	if (ret == 0)
		ret = seed_settle(loading, &seed);
	if (ret == 0)
		ret = sweep_take(loading, seed, &sweep);
	if (ret == 0)
		ret = cells_load(loading, &sweep);
	if (ret == 0 && loading->reader.diagnostics.errors)
		ret = -EINVAL;
	return ret == 0 ? plan_describe(loading, source) : ret;
}

int mh_plan_load(const struct mh_plan_request *request, struct mh_plan **ret_plan, struct mh_text *messages)
{
	struct mh_plan_request scaled = *request;
	struct loading loading = {.request = &scaled, .plan = calloc(1, sizeof(*loading.plan))};
	int ret = -ENOMEM;

	if (scaled.time_scale == 0)
		scaled.time_scale = 1;
	if (loading.plan)
		ret = plan_fill(&loading);
	mh_diagnostics_write(&loading.reader.diagnostics, messages);
	if (ret < 0 && !loading.reader.diagnostics.errors)
		mh_text_add(messages, "%s: error: %s\n", request->path, strerror(-ret));
	mh_reader_release(&loading.reader);
	if (ret < 0) {
		mh_plan_free(loading.plan);
		return ret;
	}
	*ret_plan = loading.plan;
	return 0;
}

void mh_plan_free(struct mh_plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->cell_count; i++)
		cell_release(&plan->cells[i]);
	free(plan->cells);
	for (size_t i = 0; i < plan->swept_count; i++)
		free(plan->swept[i]);
	free(plan->swept);
	free(plan->name);
	free(plan->path);
	free(plan->source);
	free(plan);
}
