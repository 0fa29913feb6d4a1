/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The section `gate`: relative thresholds between two results. `run` does not use it; it is checked whole all the same,
 * so that a scenario is not found wrong on the day of its first gate.
 */
#include "bench/engine/section.h"

#include "base/units.h"
#include "bench/engine/bind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GATE_AT(field)   offsetof(struct mh_scenario_gate, field)
#define METRIC_AT(field) offsetof(struct mh_scenario_gate_metric, field)
#define COUNT_AT(field)  offsetof(struct mh_scenario_gate_count, field)

/* Tolerances where none is given, by how far out the quantile is; statistics.md 3.4. */
#define TOLERANCE_MIDDLE "5%"
#define TOLERANCE_P99    "10%"
#define TOLERANCE_TAIL   "20%"

static const struct mh_schema_row gate_rows[] = {
	{.key = "pairs",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = GATE_AT(pairs),
	 .default_text = "24",
	 .min = "1",
	 .max = "1000",
	 .help = "the most pairs of runs"},
	{.key = "looks",
	 .type = MH_VALUE_CUSTOM,
	 .offset = GATE_AT(looks),
	 .help = "pairs after which an adaptive gate may decide; [10, 16, 24] as far as `pairs` goes"},
	{.key = "adaptive",
	 .type = MH_VALUE_BOOL,
	 .offset = GATE_AT(adaptive),
	 .default_text = "true",
	 .help = "false: one look at `pairs`"},
	{.key = "alpha",
	 .type = MH_VALUE_SHARE,
	 .offset = GATE_AT(alpha_ppb),
	 .default_text = "1%",
	 .min = "1ppm",
	 .max = "50%",
	 .help = "chance of a false REGRESSED, all metrics together"},
	{.key = "metrics",
	 .type = MH_VALUE_CUSTOM,
	 .offset = GATE_AT(metrics),
	 .default_text = "{}",
	 .help = "a metric, or a glob over phases and series, with its tolerance"},
	{.key = "counts",
	 .type = MH_VALUE_CUSTOM,
	 .offset = GATE_AT(counts),
	 .default_text = "{}",
	 .help = "a glob over exact counts that may rise, and by how much"},
	{.key = "times",
	 .type = MH_VALUE_ENUM,
	 .offset = GATE_AT(times),
	 .default_text = "required",
	 .values = "required|advisory",
	 .help = "whether times can fail the gate, or counts only"},
	{.key = "undecided",
	 .type = MH_VALUE_ENUM,
	 .offset = GATE_AT(undecided),
	 .default_text = "fail",
	 .values = "fail|warn",
	 .help = "what INCONCLUSIVE and UNDERPOWERED end in"},
};

const struct mh_schema mh_gate_schema = {
	.name = "gate",
	.rows = gate_rows,
	.count = sizeof(gate_rows) / sizeof(gate_rows[0]),
	.size = sizeof(struct mh_scenario_gate),
};

static const struct mh_schema_row metric_rows[] = {
	{.key = "tolerance",
	 .type = MH_VALUE_SHARE,
	 .offset = METRIC_AT(tolerance_ppb),
	 .min = "1ppm",
	 .max = "100%",
	 .help = "how much worse is still a pass; 5% up to p50, 10% up to p99, 20% beyond"},
	{.key = "floor",
	 .type = MH_VALUE_SHARE,
	 .offset = METRIC_AT(floor_ppb),
	 .max = "100%",
	 .help = "smaller changes are no regression whatever the test says; 0.6 of the tolerance"},
	{.key = "direction",
	 .type = MH_VALUE_ENUM,
	 .offset = METRIC_AT(direction),
	 .values = "lower|higher",
	 .help = "which way is better; higher for throughput, else lower"},
};

const struct mh_schema mh_gate_metric_schema = {
	.name = "gate metric",
	.rows = metric_rows,
	.count = sizeof(metric_rows) / sizeof(metric_rows[0]),
	.size = sizeof(struct mh_scenario_gate_metric),
};

static const struct mh_schema_row count_rows[] = {
	{.key = "max_increase",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = COUNT_AT(increase_max),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "by how much the count may rise"},
};

const struct mh_schema mh_gate_count_schema = {
	.name = "gate count",
	.rows = count_rows,
	.count = sizeof(count_rows) / sizeof(count_rows[0]),
	.size = sizeof(struct mh_scenario_gate_count),
};

static bool gate_is_map(struct mh_binder *binder, const char *key, const struct mh_node *node)
{
	if (node->kind == MH_NODE_MAP)
		return true;
	mh_diagnose(&binder->reader->diagnostics, node->place, "%s: must be a map, not %s", key,
		    mh_node_kind_name(node));
	return false;
}

int mh_looks_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario_looks looks = {0};
	struct mh_error error = {0};

	(void)ret_resolved;
	if (!mh_bind_is_list(binder, "looks", node))
		return -EINVAL;
	looks.items = calloc(node->count + 1, sizeof(*looks.items));
	if (!looks.items)
		return -ENOMEM;
	for (size_t i = 0; i < node->count; i++) {
		const struct mh_node *item = node->items[i];
		uint64_t *look = &looks.items[looks.count];

		if (!mh_value_is_text(binder, item, "looks", "a number of pairs"))
			goto refuse;
		if (mh_parse_unsigned(item->text, look, &error) < 0) {
			mh_diagnose(&binder->reader->diagnostics, item->place, "looks: %s", error.text);
			goto refuse;
		}
		if (!*look || (i && *look <= looks.items[i - 1])) {
			mh_diagnose(&binder->reader->diagnostics, item->place, "looks: '%s' does not rise", item->text);
			goto refuse;
		}
		looks.count++;
	}
	*(struct mh_scenario_looks *)value = looks;
	return 0;
refuse:
	free(looks.items);
	return -EINVAL;
}

/* Tolerance and direction depend on the metric; what is filled in is written out. */
static int metric_fill(struct mh_binder *binder, const struct mh_node *map, struct mh_scenario_gate_metric *item,
		       struct mh_node *resolved)
{
	struct mh_arena *arena = &binder->reader->arena;
	const struct mh_metric *metric = &item->metric;
	const bool higher = metric->kind == MH_METRIC_THROUGHPUT;
	const char *tolerance = TOLERANCE_MIDDLE;

	if (metric->kind == MH_METRIC_SERIES && metric->stat == MH_STAT_QUANTILE && metric->quantile > 0.5)
		tolerance = metric->quantile > 0.99 ? TOLERANCE_TAIL : TOLERANCE_P99;
	else if (metric->kind == MH_METRIC_SERIES && (metric->stat == MH_STAT_MAX || metric->stat == MH_STAT_SHAPE))
		tolerance = metric->stat == MH_STAT_MAX ? TOLERANCE_TAIL : TOLERANCE_P99;
	if (!mh_node_find(map, "tolerance")) {
		(void)mh_parse_share(tolerance, &item->tolerance_ppb, NULL);
		if (mh_bind_fill(binder, &mh_gate_metric_schema, resolved, "tolerance",
				 mh_node_scalar(arena, map->place, tolerance)) < 0)
			return -ENOMEM;
	}
	if (!mh_node_find(map, "direction")) {
		item->direction = higher ? MH_GATE_HIGHER : MH_GATE_LOWER;
		if (mh_bind_fill(binder, &mh_gate_metric_schema, resolved, "direction",
				 mh_node_scalar(arena, map->place, higher ? "higher" : "lower")) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int metric_read(struct mh_binder *binder, const struct mh_pair *pair, struct mh_scenario_gate_metric *item,
		       struct mh_node **ret_resolved)
{
	struct mh_error error = {0};
	int ret = mh_bind_one(binder, pair->value, pair->place, &mh_gate_metric_schema, item, ret_resolved);

	if (ret == -ENOMEM)
		return ret;
	if (mh_metric_parse(pair->key, true, &item->metric, &error) < 0) {
		mh_diagnose(&binder->reader->diagnostics, pair->place, "metrics: %s", error.text);
		return -EINVAL;
	}
	return ret < 0 ? ret : metric_fill(binder, pair->value, item, *ret_resolved);
}

int mh_gate_metrics_read(struct mh_binder *binder, const struct mh_node *node, void *value,
			 struct mh_node **ret_resolved)
{
	struct mh_scenario_gate *gate = &binder->scenario->gate;
	struct mh_arena *arena = &binder->reader->arena;
	int result = 0;

	(void)value;
	if (!gate_is_map(binder, "metrics", node))
		return -EINVAL;
	*ret_resolved = mh_node_new(arena, MH_NODE_MAP, node->place);
	gate->metrics = calloc(node->count + 1, sizeof(*gate->metrics));
	if (!*ret_resolved || !gate->metrics)
		return -ENOMEM;
	gate->metric_count = node->count;
	for (size_t i = 0; i < node->count; i++) {
		const struct mh_pair *pair = &node->pairs[i];
		struct mh_node *item;
		int ret = metric_read(binder, pair, &gate->metrics[i], &item);

		if (ret == -ENOMEM || !mh_node_set(arena, *ret_resolved, pair->key, pair->place, item))
			return -ENOMEM;
		if (ret < 0)
			result = ret;
	}
	return result;
}

int mh_gate_counts_read(struct mh_binder *binder, const struct mh_node *node, void *value,
			struct mh_node **ret_resolved)
{
	struct mh_scenario_gate *gate = &binder->scenario->gate;
	struct mh_arena *arena = &binder->reader->arena;
	int result = 0;

	(void)value;
	if (!gate_is_map(binder, "counts", node))
		return -EINVAL;
	*ret_resolved = mh_node_new(arena, MH_NODE_MAP, node->place);
	gate->counts = calloc(node->count + 1, sizeof(*gate->counts));
	if (!*ret_resolved || !gate->counts)
		return -ENOMEM;
	gate->count_count = node->count;
	for (size_t i = 0; i < node->count; i++) {
		const struct mh_pair *pair = &node->pairs[i];
		struct mh_node *item;
		int ret = mh_bind_one(binder, pair->value, pair->place, &mh_gate_count_schema, &gate->counts[i], &item);

		gate->counts[i].glob = strdup(pair->key);
		if (ret == -ENOMEM || !gate->counts[i].glob ||
		    !mh_node_set(arena, *ret_resolved, pair->key, pair->place, item))
			return -ENOMEM;
		if (ret < 0)
			result = ret;
	}
	return result;
}

static int looks_default(struct mh_binder *binder, struct mh_scenario_gate *gate, struct mh_node *resolved)
{
	static const uint64_t usual[] = {10, 16, 24};
	struct mh_arena *arena = &binder->reader->arena;
	struct mh_node *list = mh_node_new(arena, MH_NODE_LIST, resolved->place);

	gate->looks.items = calloc(sizeof(usual) / sizeof(usual[0]) + 1, sizeof(uint64_t));
	if (!list || !gate->looks.items)
		return -ENOMEM;
	for (size_t i = 0; gate->adaptive && i < sizeof(usual) / sizeof(usual[0]); i++)
		if (usual[i] < gate->pairs)
			gate->looks.items[gate->looks.count++] = usual[i];
	gate->looks.items[gate->looks.count++] = gate->pairs;
	for (size_t i = 0; i < gate->looks.count; i++) {
		char number[24];

		snprintf(number, sizeof(number), "%llu", (unsigned long long)gate->looks.items[i]);
		if (!mh_node_append(arena, list, mh_node_scalar(arena, resolved->place, number)))
			return -ENOMEM;
	}
	return gate->adaptive ? mh_bind_fill(binder, &mh_gate_schema, resolved, "looks", list) : 0;
}

static int looks_check(struct mh_binder *binder, const struct mh_node *map, struct mh_scenario_gate *gate,
		       struct mh_node *resolved)
{
	const struct mh_pair *looks = mh_node_find_pair(map, "looks");
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;

	if (!looks)
		return looks_default(binder, gate, resolved);
	if (!gate->adaptive) {
		mh_diagnose(diagnostics, looks->place,
			    "'looks' contradicts 'adaptive: false', which looks once, at 'pairs'");
		return -EINVAL;
	}
	if (!gate->looks.count || gate->looks.items[gate->looks.count - 1] != gate->pairs) {
		mh_diagnose(diagnostics, looks->place, "'looks' must end at 'pairs', which is %llu",
			    (unsigned long long)gate->pairs);
		return -EINVAL;
	}
	return 0;
}

/* Present only if the file has the key: without it there is nothing to gate. */
int mh_gate_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario_gate *gate = value;
	int ret = mh_bind_one(binder, node, node->place, &mh_gate_schema, gate, ret_resolved);

	if (ret < 0)
		return ret;
	gate->present = true;
	return looks_check(binder, node, gate, *ret_resolved);
}

void mh_gate_release(struct mh_scenario_gate *gate)
{
	for (size_t i = 0; i < gate->metric_count; i++)
		mh_metric_release(&gate->metrics[i].metric);
	for (size_t i = 0; i < gate->count_count; i++)
		free(gate->counts[i].glob);
	free(gate->metrics);
	free(gate->counts);
	free(gate->looks.items);
}
