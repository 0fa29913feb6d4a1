/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Distributions: `2us`, or a map of one key whose value is a map of numbers, or the path of a percentile file.
 */
#include "bench/engine/value.h"

#include "base/units.h"
#include "bench/engine/hgrm.h"
#include "bench/engine/paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PARAMETERS_MAX      3
#define NUMBER_DIGITS_MAX   18
#define HGRM_VALUES_PER_MS  1e6 /* ns */
#define DISTRIBUTION_WANTED "a distribution such as 2us or {uniform: {min: 1us, max: 2us}}"

enum parameter_type { PARAMETER_NONE, PARAMETER_VALUE, PARAMETER_NUMBER };

struct shape {
	const char *name;
	enum mh_distribution_kind kind;
	struct {
		const char *name;
		enum parameter_type type;
	} parameters[PARAMETERS_MAX]; /* in the order of a, b, c of struct mh_distribution */
};

static const struct shape shapes[] = {
	{"uniform", MH_DISTRIBUTION_UNIFORM, {{"min", PARAMETER_VALUE}, {"max", PARAMETER_VALUE}}},
	{"exponential", MH_DISTRIBUTION_EXPONENTIAL, {{"mean", PARAMETER_VALUE}}},
	{"lognormal", MH_DISTRIBUTION_LOGNORMAL, {{"median", PARAMETER_VALUE}, {"sigma", PARAMETER_NUMBER}}},
	{"pareto",
	 MH_DISTRIBUTION_PARETO,
	 {{"min", PARAMETER_VALUE}, {"alpha", PARAMETER_NUMBER}, {"cap", PARAMETER_VALUE}}},
	{"empirical", MH_DISTRIBUTION_EMPIRICAL, {{NULL, PARAMETER_NONE}}},
};

#define SHAPE_COUNT (sizeof(shapes) / sizeof(shapes[0]))

int mh_parse_number(const char *text, double *ret_value, struct mh_error *reterr)
{
	uint64_t digits = 0;
	double scale = 1;
	unsigned count = 0;
	bool point = false;

	for (const char *at = text; *at; at++) {
		if (*at == '.' && !point && at > text && at[1]) {
			point = true;
			continue;
		}
		if (*at < '0' || *at > '9' || ++count > NUMBER_DIGITS_MAX)
			return mh_error_set(reterr, -EINVAL, "'%s' is no number such as 0.5", text);
		digits = digits * 10 + (uint64_t)(*at - '0');
		scale *= point ? 10 : 1;
	}
	if (!count)
		return mh_error_set(reterr, -EINVAL, "'%s' is no number such as 0.5", text);
	*ret_value = (double)digits / scale;
	return 0;
}

static int number_read(struct mh_binder *binder, const char *key, bool plain, const struct mh_node *node,
		       double *ret_value)
{
	struct mh_error error = {0};
	uint64_t ns;
	int ret;

	if (!mh_value_is_text(binder, node, key, plain ? "a number" : "a duration such as 10ms"))
		return -EINVAL;
	ret = plain ? mh_parse_number(node->text, ret_value, &error) : mh_parse_duration(node->text, &ns, &error);
	if (ret < 0) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: %s", key, error.text);
		return -EINVAL;
	}
	if (!plain)
		*ret_value = (double)ns;
	return 0;
}

static int parameter_unknown(struct mh_binder *binder, const struct shape *shape, const struct mh_pair *pair)
{
	const char *names[PARAMETERS_MAX], *nearest;

	for (size_t i = 0; i < PARAMETERS_MAX; i++)
		names[i] = shape->parameters[i].name;
	nearest = mh_text_nearest(pair->key, names, PARAMETERS_MAX);
	mh_diagnose(&binder->reader->diagnostics, pair->place, "unknown key '%s' of '%s'%s%s%s", pair->key, shape->name,
		    nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "");
	return -EINVAL;
}

static bool shape_has(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < PARAMETERS_MAX && shape->parameters[i].name; i++)
		if (strcmp(shape->parameters[i].name, name) == 0)
			return true;
	return false;
}

/* All parameters of a shape, each required; all that is wrong is told. */
static int parameters_read(struct mh_binder *binder, const struct shape *shape, bool plain, const struct mh_pair *pair,
			   double values[PARAMETERS_MAX])
{
	const struct mh_node *map = pair->value;
	int ret = 0;

	if (map->kind != MH_NODE_MAP) {
		mh_diagnose(&binder->reader->diagnostics, map->place, "%s: must be a map, not %s", shape->name,
			    mh_node_kind_name(map));
		return -EINVAL;
	}
	for (size_t i = 0; i < map->count; i++)
		if (!shape_has(shape, map->pairs[i].key))
			ret = parameter_unknown(binder, shape, &map->pairs[i]);
	for (size_t i = 0; i < PARAMETERS_MAX && shape->parameters[i].name; i++) {
		const char *name = shape->parameters[i].name;
		const struct mh_node *node = mh_node_find(map, name);
		bool number = plain || shape->parameters[i].type == PARAMETER_NUMBER;

		if (!node) {
			mh_diagnose(&binder->reader->diagnostics, pair->place, "'%s' needs '%s'", shape->name, name);
			ret = -EINVAL;
		} else if (number_read(binder, name, number, node, &values[i]) < 0) {
			ret = -EINVAL;
		}
	}
	return ret;
}

/* What the numbers must be to one another; NULL: they are. */
static const char *parameters_contradiction(const struct mh_distribution *distribution)
{
	switch (distribution->kind) {
	case MH_DISTRIBUTION_UNIFORM:
		return distribution->a > distribution->b ? "'min' is above 'max'" : NULL;
	case MH_DISTRIBUTION_EXPONENTIAL:
		return distribution->a <= 0 ? "'mean' must be above 0" : NULL;
	case MH_DISTRIBUTION_LOGNORMAL:
		return distribution->a <= 0 ? "'median' must be above 0" : NULL;
	case MH_DISTRIBUTION_PARETO:
		if (distribution->a <= 0 || distribution->b <= 0)
			return "'min' and 'alpha' must be above 0";
		return distribution->a > distribution->c ? "'min' is above 'cap'" : NULL;
	default:
		return NULL;
	}
}

static int empirical_read(struct mh_binder *binder, const char *key, bool plain, const struct mh_pair *pair,
			  struct mh_distribution *ret_distribution, struct mh_node **resolved)
{
	struct mh_arena *arena = &binder->reader->arena;
	struct mh_error error = {0};
	struct mh_node *map = mh_node_new(arena, MH_NODE_MAP, pair->place), *text;
	const char *path;

	if (!mh_value_is_text(binder, pair->value, "empirical", "the path of a .hgrm file"))
		return -EINVAL;
	path = mh_path_absolute(binder->reader, pair->value->place, pair->value->text);
	text = path ? mh_node_scalar(arena, pair->value->place, path) : NULL;
	if (!map || !mh_node_set(arena, map, "empirical", pair->place, text))
		return -ENOMEM;
	if (mh_hgrm_read(path, plain ? 1 : HGRM_VALUES_PER_MS, ret_distribution, &error) < 0) {
		mh_diagnose(&binder->reader->diagnostics, pair->value->place, "%s: %s", key, error.text);
		return -EINVAL;
	}
	*resolved = map;
	return 0;
}

static const struct shape *shape_find(struct mh_binder *binder, const char *key, const struct mh_pair *pair)
{
	const char *names[SHAPE_COUNT], *nearest;

	for (size_t i = 0; i < SHAPE_COUNT; i++) {
		names[i] = shapes[i].name;
		if (strcmp(shapes[i].name, pair->key) == 0)
			return &shapes[i];
	}
	nearest = mh_text_nearest(pair->key, names, SHAPE_COUNT);
	mh_diagnose(&binder->reader->diagnostics, pair->place, "%s: unknown distribution '%s'%s%s%s", key, pair->key,
		    nearest ? " (did you mean '" : " (there are uniform, exponential, lognormal, pareto, empirical",
		    nearest ? nearest : "", nearest ? "'?)" : ")");
	return NULL;
}

static int shape_read(struct mh_binder *binder, const char *key, bool plain, const struct mh_pair *pair,
		      struct mh_distribution *ret_distribution, struct mh_node **resolved)
{
	const struct shape *shape = shape_find(binder, key, pair);
	struct mh_distribution distribution;
	double values[PARAMETERS_MAX] = {0};
	const char *contradiction;

	if (!shape)
		return -EINVAL;
	if (shape->kind == MH_DISTRIBUTION_EMPIRICAL)
		return empirical_read(binder, key, plain, pair, ret_distribution, resolved);
	if (parameters_read(binder, shape, plain, pair, values) < 0)
		return -EINVAL;
	distribution = (struct mh_distribution){.kind = shape->kind, .a = values[0], .b = values[1], .c = values[2]};
	contradiction = parameters_contradiction(&distribution);
	if (contradiction) {
		mh_diagnose(&binder->reader->diagnostics, pair->place, "%s: %s of '%s'", key, contradiction,
			    shape->name);
		return -EINVAL;
	}
	*ret_distribution = distribution;
	return 0;
}

int mh_distribution_read(struct mh_binder *binder, const char *key, bool plain, const struct mh_node *node,
			 struct mh_distribution *ret_distribution, struct mh_node **ret_resolved)
{
	double value;

	*ret_resolved = (struct mh_node *)node;
	if (node->kind == MH_NODE_MAP && node->count == 1)
		return shape_read(binder, key, plain, &node->pairs[0], ret_distribution, ret_resolved);
	if (node->kind != MH_NODE_SCALAR) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: must be %s, not %s", key,
			    DISTRIBUTION_WANTED,
			    node->kind == MH_NODE_LIST ? "a list"
			    : node->count              ? "a map of several keys"
						       : "an empty map");
		return -EINVAL;
	}
	if (number_read(binder, key, plain, node, &value) < 0)
		return -EINVAL;
	*ret_distribution = (struct mh_distribution){.kind = MH_DISTRIBUTION_CONSTANT, .a = value};
	return 0;
}
