/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cartesian product of the parameters, without what `exclude` names. */
#include "bench/engine/sweep.h"

#include "base/rng.h"
#include "bench/engine/bind.h"
#include "bench/engine/section.h"
#include "bench/engine/sweep_values.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What the plain rows of the section write. */
struct sweep_options {
	int order;
};

static const struct mh_schema_row sweep_rows[] = {
	{.key = "params",
	 .type = MH_VALUE_CUSTOM,
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "each parameter with its values; cartesian, the last one fastest"},
	{.key = "exclude", .type = MH_VALUE_CUSTOM, .help = "cells to leave out: those that have all values of a map"},
	{.key = "order",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct sweep_options, order),
	 .default_text = "listed",
	 .values = "listed|shuffled",
	 .help = "the order in which the cells run; shuffled by the seed"},
};

const struct mh_schema mh_sweep_schema = {
	.name = "sweep",
	.rows = sweep_rows,
	.count = sizeof(sweep_rows) / sizeof(sweep_rows[0]),
	.size = sizeof(struct sweep_options),
};

/* The maps are read by mh_sweep_parse, which needs them together; and no cell has a `sweep`. */
int mh_sweep_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	(void)binder;
	(void)node;
	(void)value;
	(void)ret_resolved;
	return 0;
}

static int parameters_read(struct mh_reader *reader, const struct mh_node *params, struct mh_sweep *sweep)
{
	int ret = 0;

	if (params->kind != MH_NODE_MAP || !params->count || params->count > MH_SWEEP_PARAMETERS_MAX) {
		mh_diagnose(&reader->diagnostics, params->place, "params: must be a map of 1 to %d parameters",
			    MH_SWEEP_PARAMETERS_MAX);
		return -EINVAL;
	}
	for (size_t i = 0; i < params->count; i++) {
		int result = mh_sweep_values_read(reader, &params->pairs[i], &sweep->parameters[i]);

		if (result == -ENOMEM)
			return result;
		if (result < 0)
			ret = result;
	}
	sweep->parameter_count = params->count;
	return ret;
}

static const struct mh_sweep_parameter *parameter_find(const struct mh_sweep *sweep, const char *name)
{
	for (size_t i = 0; i < sweep->parameter_count; i++)
		if (strcmp(sweep->parameters[i].name, name) == 0)
			return &sweep->parameters[i];
	return NULL;
}

static int exclude_check_pair(struct mh_reader *reader, const struct mh_sweep *sweep, const struct mh_pair *pair)
{
	const struct mh_sweep_parameter *parameter = parameter_find(sweep, pair->key);
	const char *names[MH_SWEEP_PARAMETERS_MAX], *nearest;

	if (!parameter) {
		for (size_t i = 0; i < sweep->parameter_count; i++)
			names[i] = sweep->parameters[i].name;
		nearest = mh_text_nearest(pair->key, names, sweep->parameter_count);
		mh_diagnose(&reader->diagnostics, pair->place, "exclude: there is no parameter '%s'%s%s%s", pair->key,
			    nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "");
		return -EINVAL;
	}
	if (pair->value->kind != MH_NODE_SCALAR) {
		mh_diagnose(&reader->diagnostics, pair->value->place, "exclude: must be one value of '%s', not %s",
			    pair->key, mh_node_kind_name(pair->value));
		return -EINVAL;
	}
	for (size_t i = 0; i < parameter->count; i++)
		if (strcmp(parameter->values[i], pair->value->text) == 0)
			return 0;
	mh_diagnose(&reader->diagnostics, pair->value->place, "exclude: '%s' is no value of '%s'", pair->value->text,
		    pair->key);
	return -EINVAL;
}

static int exclude_check(struct mh_reader *reader, const struct mh_sweep *sweep, const struct mh_node *exclude)
{
	int ret = 0;

	if (!exclude)
		return 0;
	if (exclude->kind != MH_NODE_LIST) {
		mh_diagnose(&reader->diagnostics, exclude->place, "exclude: must be a list of maps, not %s",
			    mh_node_kind_name(exclude));
		return -EINVAL;
	}
	for (size_t i = 0; i < exclude->count; i++) {
		const struct mh_node *map = exclude->items[i];

		if (map->kind != MH_NODE_MAP || !map->count) {
			mh_diagnose(&reader->diagnostics, map->place,
				    "exclude: each item must be a map {PARAMETER: VALUE}");
			ret = -EINVAL;
			continue;
		}
		for (size_t pair = 0; pair < map->count; pair++)
			if (exclude_check_pair(reader, sweep, &map->pairs[pair]) < 0)
				ret = -EINVAL;
	}
	return ret;
}

void mh_sweep_point(const struct mh_sweep *sweep, size_t point, struct mh_variable *ret_variables)
{
	for (size_t i = sweep->parameter_count; i-- > 0;) {
		const struct mh_sweep_parameter *parameter = &sweep->parameters[i];

		ret_variables[i] = (struct mh_variable){.name = parameter->name,
							.value = parameter->values[point % parameter->count]};
		point /= parameter->count;
	}
}

static bool map_matches(const struct mh_node *map, const struct mh_variable *variables, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = mh_node_find_text(map, variables[i].name);

		if (value && strcmp(value, variables[i].value) != 0)
			return false;
	}
	return true;
}

static bool point_is_excluded(const struct mh_sweep *sweep, const struct mh_node *exclude, size_t point)
{
	struct mh_variable variables[MH_SWEEP_PARAMETERS_MAX];

	mh_sweep_point(sweep, point, variables);
	for (size_t i = 0; exclude && i < exclude->count; i++)
		if (map_matches(exclude->items[i], variables, sweep->parameter_count))
			return true;
	return false;
}

static void points_shuffle(struct mh_sweep *sweep, uint64_t seed)
{
	struct mh_rng rng;

	mh_rng_init(&rng, seed, "sweep/order", 0);
	for (size_t i = sweep->point_count; i > 1; i--) {
		size_t other = mh_rng_below(&rng, i);
		size_t point = sweep->points[i - 1];

		sweep->points[i - 1] = sweep->points[other];
		sweep->points[other] = point;
	}
}

static int points_make(struct mh_reader *reader, const struct mh_node *node, size_t cells_max, struct mh_sweep *sweep)
{
	const struct mh_node *exclude = mh_node_find(node, "exclude");
	size_t total = 1;

	for (size_t i = 0; i < sweep->parameter_count && total <= MH_SWEEP_POINTS_MAX; i++)
		total *= sweep->parameters[i].count;
	if (total > MH_SWEEP_POINTS_MAX) {
		mh_diagnose(&reader->diagnostics, node->place, "the sweep has more than %d cells", MH_SWEEP_POINTS_MAX);
		return -EINVAL;
	}
	sweep->points = mh_arena_alloc(&reader->arena, total * sizeof(*sweep->points));
	if (!sweep->points)
		return -ENOMEM;
	for (size_t point = 0; point < total; point++)
		if (!point_is_excluded(sweep, exclude, point))
			sweep->points[sweep->point_count++] = point;
	if (sweep->point_count > cells_max)
		mh_diagnose(&reader->diagnostics, node->place, "the sweep has %zu cells, at most %zu can be run",
			    sweep->point_count, cells_max);
	else if (!sweep->point_count)
		mh_diagnose(&reader->diagnostics, exclude->place, "exclude: leaves no cell to run");
	return sweep->point_count && sweep->point_count <= cells_max ? 0 : -EINVAL;
}

static int sweep_read(struct mh_reader *reader, const struct mh_node *node, struct mh_sweep *sweep)
{
	struct mh_binder binder = {.reader = reader, .time_scale = 1};
	struct sweep_options options = {0};
	struct mh_node *resolved;
	const struct mh_node *params;
	int ret = mh_bind_one(&binder, node, node->place, &mh_sweep_schema, &options, &resolved);

	params = mh_node_find(node, "params");
	if (ret < 0 && (ret == -ENOMEM || !params))
		return ret;
	sweep->order = options.order;
	if (parameters_read(reader, params, sweep) < 0)
		return reader->diagnostics.failed ? -ENOMEM : -EINVAL;
	return exclude_check(reader, sweep, mh_node_find(node, "exclude")) < 0 ? -EINVAL : ret;
}

int mh_sweep_parse(struct mh_reader *reader, const struct mh_node *node, uint64_t seed, size_t cells_max,
		   struct mh_sweep *ret_sweep)
{
	struct mh_sweep sweep = {0};
	int ret = node ? sweep_read(reader, node, &sweep) : 0;

	if (ret == 0)
		ret = points_make(reader, node, cells_max, &sweep);
	if (ret < 0)
		return ret;
	if (sweep.order == MH_SWEEP_SHUFFLED)
		points_shuffle(&sweep, seed);
	*ret_sweep = sweep;
	return 0;
}

void mh_sweep_cell_id(const struct mh_variable *variables, size_t count, char ret_id[MH_CELL_ID_MAX])
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._=,+-";
	struct mh_text text = MH_TEXT_INIT;

	for (size_t i = 0; i < count; i++)
		mh_text_add(&text, "%s%s=%s", i ? "," : "", variables[i].name, variables[i].value);
	if (!count)
		mh_text_add(&text, "main");
	if (text.length < MH_CELL_ID_MAX)
		snprintf(ret_id, MH_CELL_ID_MAX, "%s", text.data);
	else
		snprintf(ret_id, MH_CELL_ID_MAX, "%.100s-%016llx", text.data,
			 (unsigned long long)mh_rng_key(0, text.data, 0));
	mh_text_release(&text);
	for (char *at = ret_id; *at; at++)
		if (!strchr(safe, *at))
			*at = '_';
}
