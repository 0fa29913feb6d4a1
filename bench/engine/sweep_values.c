/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranges are of whole numbers, durations, sizes or shares: `from` says which, `to` and `add` must agree.
 */
#include "bench/engine/sweep_values.h"

#include "base/units.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef int quantity_parser(const char *text, uint64_t *ret_value, struct mh_error *reterr);
typedef char *quantity_formatter(char *buffer, size_t size, uint64_t value);

static char *number_format(char *buffer, size_t size, uint64_t value)
{
	snprintf(buffer, size, "%llu", (unsigned long long)value);
	return buffer;
}

struct quantity {
	const char *name;
	quantity_parser *parse;
	quantity_formatter *format;
};

static const struct quantity quantities[] = {
	{"a whole number", mh_parse_unsigned, number_format},
	{"a size", mh_parse_size, mh_format_size},
	{"a duration", mh_parse_duration, mh_format_duration},
	{"a share", mh_parse_share, mh_format_share},
};

struct range {
	const struct quantity *quantity;
	uint64_t from, to, step;
	bool multiplies;
};

static const char *range_text(struct mh_reader *reader, const struct mh_pair *parameter, const char *key)
{
	const struct mh_node *node = mh_node_find(parameter->value, key);

	if (node && node->kind == MH_NODE_SCALAR)
		return node->text;
	mh_diagnose(&reader->diagnostics, node ? node->place : parameter->place,
		    "the range of '%s' needs '%s', a number or a value with a unit", parameter->key, key);
	return NULL;
}

static int range_value(struct mh_reader *reader, const struct mh_pair *parameter, const char *key,
		       const struct quantity *quantity, uint64_t *ret_value)
{
	const char *text = range_text(reader, parameter, key);

	if (!text)
		return -EINVAL;
	if (quantity->parse(text, ret_value, NULL) == 0)
		return 0;
	mh_diagnose(&reader->diagnostics, mh_node_find(parameter->value, key)->place,
		    "%s: '%s' must be %s, as 'from' is", key, text, quantity->name);
	return -EINVAL;
}

static int range_keys_check(struct mh_reader *reader, const struct mh_pair *parameter)
{
	static const char *const keys[] = {"from", "to", "mul", "add"};
	const struct mh_node *map = parameter->value;
	const struct mh_pair *mul = mh_node_find_pair(map, "mul"), *add = mh_node_find_pair(map, "add");
	int ret = 0;

	for (size_t i = 0; i < map->count; i++) {
		const char *key = map->pairs[i].key;
		size_t known = 0;

		while (known < 4 && strcmp(keys[known], key) != 0)
			known++;
		if (known == 4) {
			mh_diagnose(&reader->diagnostics, map->pairs[i].place,
				    "unknown key '%s' of a range (there are from, to, mul, add)", key);
			ret = -EINVAL;
		}
	}
	if (!mul == !add) {
		mh_diagnose(&reader->diagnostics, mul ? add->place : parameter->place,
			    "the range of '%s' needs 'mul' or 'add', one of them", parameter->key);
		ret = -EINVAL;
	}
	return ret;
}

static int range_read(struct mh_reader *reader, const struct mh_pair *parameter, struct range *range)
{
	const struct mh_node *map = parameter->value;
	const char *from, *step = mh_node_find(map, "mul") ? "mul" : "add";
	int ret = range_keys_check(reader, parameter);

	if (ret < 0)
		return ret;
	from = range_text(reader, parameter, "from");
	if (!from)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(quantities) / sizeof(quantities[0]) && !range->quantity; i++)
		if (quantities[i].parse(from, &range->from, NULL) == 0)
			range->quantity = &quantities[i];
	if (!range->quantity) {
		mh_diagnose(&reader->diagnostics, mh_node_find(map, "from")->place,
			    "from: '%s' is no whole number, size, duration or share", from);
		return -EINVAL;
	}
	range->multiplies = *step == 'm';
	ret = range_value(reader, parameter, "to", range->quantity, &range->to);
	if (range_value(reader, parameter, step, range->multiplies ? &quantities[0] : range->quantity, &range->step) <
	    0)
		return -EINVAL;
	if (ret == 0 && range->to < range->from)
		mh_diagnose(&reader->diagnostics, mh_node_find(map, "to")->place, "to: '%s' is below 'from'",
			    mh_node_find_text(map, "to"));
	else if (ret == 0 && (range->step < 1u + range->multiplies || (range->multiplies && !range->from)))
		mh_diagnose(&reader->diagnostics, mh_node_find(map, step)->place, "%s: '%s' gets nowhere", step,
			    mh_node_find_text(map, step));
	else
		return ret;
	return -EINVAL;
}

static int parameter_add(struct mh_reader *reader, struct mh_sweep_parameter *parameter, const char *value)
{
	if (parameter->count == MH_SWEEP_VALUES_MAX) {
		mh_diagnose(&reader->diagnostics, parameter->place, "'%s' has more than %d values", parameter->name,
			    MH_SWEEP_VALUES_MAX);
		return -EINVAL;
	}
	parameter->values[parameter->count] = mh_arena_copy(&reader->arena, value, strlen(value));
	if (!parameter->values[parameter->count++]) {
		reader->diagnostics.failed = true;
		return -ENOMEM;
	}
	return 0;
}

static int range_expand(struct mh_reader *reader, const struct range *range, struct mh_sweep_parameter *parameter)
{
	uint64_t value = range->from;
	int ret = 0;

	while (ret == 0 && value <= range->to) {
		char text[40];

		ret = parameter_add(reader, parameter, range->quantity->format(text, sizeof(text), value));
		if (range->multiplies ? __builtin_mul_overflow(value, range->step, &value)
				      : __builtin_add_overflow(value, range->step, &value))
			break;
	}
	return ret;
}

static int list_read(struct mh_reader *reader, const struct mh_node *list, struct mh_sweep_parameter *parameter)
{
	int ret = 0;

	if (!list->count) {
		mh_diagnose(&reader->diagnostics, list->place, "'%s' has no values", parameter->name);
		return -EINVAL;
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct mh_node *item = list->items[i];
		size_t same = 0;

		if (item->kind != MH_NODE_SCALAR) {
			mh_diagnose(&reader->diagnostics, item->place, "a value of '%s' must be text, not %s",
				    parameter->name, mh_node_kind_name(item));
			return -EINVAL;
		}
		while (same < parameter->count && strcmp(parameter->values[same], item->text) != 0)
			same++;
		if (same < parameter->count) {
			mh_diagnose(&reader->diagnostics, item->place, "'%s' is a value of '%s' twice", item->text,
				    parameter->name);
			ret = -EINVAL;
		} else if (parameter_add(reader, parameter, item->text) < 0) {
			return -EINVAL;
		}
	}
	return ret;
}

int mh_sweep_values_read(struct mh_reader *reader, const struct mh_pair *pair, struct mh_sweep_parameter *ret_parameter)
{
	struct mh_sweep_parameter parameter = {.name = pair->key, .place = pair->place};
	struct range range = {0};
	int ret;

	if (!*pair->key || pair->key[strspn(pair->key, "abcdefghijklmnopqrstuvwxyz0123456789_-")]) {
		mh_diagnose(&reader->diagnostics, pair->place,
			    "params: '%s' must be of the letters a-z, 0-9, '_' and '-'", pair->key);
		return -EINVAL;
	}
	parameter.values = mh_arena_alloc(&reader->arena, MH_SWEEP_VALUES_MAX * sizeof(*parameter.values));
	if (!parameter.values) {
		reader->diagnostics.failed = true;
		return -ENOMEM;
	}
	if (pair->value->kind == MH_NODE_LIST) {
		ret = list_read(reader, pair->value, &parameter);
	} else if (pair->value->kind == MH_NODE_MAP) {
		ret = range_read(reader, pair, &range);
		ret = ret < 0 ? ret : range_expand(reader, &range, &parameter);
	} else {
		mh_diagnose(&reader->diagnostics, pair->value->place,
			    "'%s' must be a list of values or {from, to, mul or add}", pair->key);
		ret = -EINVAL;
	}
	*ret_parameter = parameter;
	return ret;
}
