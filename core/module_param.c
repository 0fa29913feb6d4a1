/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A type is a row: how its text is read. A parameter is found by its name among those of all files of the module.
 */
#include "core/module_param.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <memhp/kapi_text.h>

#include "base/text.h"

/* Return: 0; -EINVAL, -ERANGE. */
typedef int (*read_value_fn)(const struct memhp_param *param, char *text, void *value);

static void store(void *value, unsigned long size, unsigned long long number)
{
	memcpy(value, &number, size); /* little endian: the low bytes come first */
}

static int read_unsigned(const struct memhp_param *param, char *text, void *value)
{
	unsigned long long number;
	int ret = memhp_parse_unsigned(text, 0, &number);

	if (ret < 0)
		return ret;
	if (param->size < sizeof(number) && number >> (8 * param->size))
		return -ERANGE;
	store(value, param->size, number);
	return 0;
}

static int read_signed(const struct memhp_param *param, char *text, void *value)
{
	unsigned unused = 64 - 8 * (unsigned)param->size;
	long long number;
	int ret = memhp_parse_signed(text, 0, &number);

	if (ret < 0)
		return ret;
	if (number >> (63 - unused) != number >> 63)
		return -ERANGE;
	store(value, param->size, (unsigned long long)number);
	return 0;
}

/* As the kernel's strtobool: y Y t 1 on, n N f 0 off. */
static int parse_bool(const char *text, bool *ret_value)
{
	static const char *const words[2][7] = {{"n", "N", "f", "F", "0", "off", "no"},
						{"y", "Y", "t", "T", "1", "on", "yes"}};

	for (int value = 0; value < 2; value++)
		for (size_t i = 0; i < 7; i++)
			if (strcmp(text, words[value][i]) == 0) {
				*ret_value = value;
				return 0;
			}
	return -EINVAL;
}

static int read_bool(const struct memhp_param *param, char *text, void *value)
{
	(void)param;
	return parse_bool(text, value);
}

static int read_inverted(const struct memhp_param *param, char *text, void *value)
{
	bool given;
	int ret = parse_bool(text, &given);

	(void)param;
	if (ret == 0)
		*(bool *)value = !given;
	return ret;
}

static int read_pointer(const struct memhp_param *param, char *text, void *value)
{
	(void)param;
	*(char **)value = text;
	return 0;
}

static int read_string(const struct memhp_param *param, char *text, void *value)
{
	if (strlen(text) >= param->size)
		return -ERANGE;
	memcpy(value, text, strlen(text) + 1);
	return 0;
}

static const struct {
	const char *name;
	read_value_fn read;
	const char *takes; /* for sentences */
} types[] = {
	{"byte", read_unsigned, "a whole number"},   {"short", read_signed, "a whole number"},
	{"ushort", read_unsigned, "a whole number"}, {"int", read_signed, "a whole number"},
	{"uint", read_unsigned, "a whole number"},   {"hexint", read_unsigned, "a whole number"},
	{"long", read_signed, "a whole number"},     {"ulong", read_unsigned, "a whole number"},
	{"ullong", read_unsigned, "a whole number"}, {"bool", read_bool, "y or n"},
	{"invbool", read_inverted, "y or n"},        {"charp", read_pointer, "a text"},
	{"string", read_string, "a short text"},
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

/* TYPE_COUNT where there is none. */
static size_t type_of(const struct memhp_param *param)
{
	size_t type = 0;

	while (type < TYPE_COUNT && strcmp(types[type].name, param->type) != 0)
		type++;
	return type;
}

static bool is_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !(*a == '-' && *b == '_') && !(*a == '_' && *b == '-'))
			return false;
	return *a == *b;
}

static const struct memhp_param *find(const struct memhp_module *stamp, const char *name)
{
	for (const struct memhp_param *const *param = stamp->params; param < stamp->params_end; param++)
		if (is_name((*param)->name, name))
			return *param;
	return NULL;
}

static int refuse_name(const struct memhp_module *stamp, const char *path, const char *name, struct mh_error *reterr)
{
	size_t count = (size_t)(stamp->params_end - stamp->params);
	const char **names = calloc(count + 1, sizeof(names[0]));
	struct mh_text list = MH_TEXT_INIT;
	const char *nearest;

	for (size_t i = 0; names && i < count; i++) {
		names[i] = stamp->params[i]->name;
		mh_text_add(&list, "%s'%s'", i ? ", " : "", names[i]);
	}
	nearest = names ? mh_text_nearest(name, names, count) : NULL;
	mh_error_set(reterr, -EINVAL, "%s: no parameter '%s'%s%s%s; it has %s", path, name,
		     nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "",
		     list.length ? list.data : "none");
	mh_text_release(&list);
	free(names);
	return -EINVAL;
}

static int read_values(const struct memhp_param *param, char *text, read_value_fn read_value)
{
	unsigned count = 0;

	do {
		char *next = param->count_max > 1 ? strchr(text, ',') : NULL;
		int ret = -E2BIG;

		if (next)
			*next++ = '\0';
		if (count < param->count_max)
			ret = read_value(param, text, (char *)param->value + count * param->size);
		if (ret < 0)
			return ret;
		count++;
		text = next;
	} while (text);
	if (param->ret_count)
		*param->ret_count = count;
	return 0;
}

/* @value: as it was given. */
static int refuse_value(const struct memhp_param *param, const char *path, const char *value, const char *takes,
			int ret, struct mh_error *reterr)
{
	if (ret == -E2BIG)
		return mh_error_set(reterr, -EINVAL, "%s: parameter '%s' takes %u values at most, not '%s'", path,
				    param->name, param->count_max, value);
	if (ret == -ERANGE)
		return mh_error_set(reterr, -EINVAL, "%s: parameter '%s': '%s' does not fit its type, %s", path,
				    param->name, value, param->type);
	return mh_error_set(reterr, -EINVAL, "%s: parameter '%s' is of type %s and takes %s, not '%s'", path,
			    param->name, param->type, takes, value);
}

int mh_module_param_set(const struct memhp_module *stamp, const char *path, char *argument, struct mh_error *reterr)
{
	const struct memhp_param *param;
	char *value = strchr(argument, '='), *given;
	size_t type;
	int ret;

	if (value)
		*value++ = '\0';
	param = find(stamp, argument);
	if (!param)
		return refuse_name(stamp, path, argument, reterr);
	type = type_of(param);
	if (type == TYPE_COUNT)
		return mh_error_set(reterr, -EINVAL, "%s: parameter '%s' is of a type that there is not: %s", path,
				    param->name, param->type);
	if (!value && types[type].read != read_bool)
		return mh_error_set(reterr, -EINVAL, "%s: parameter '%s' wants a value: %s=…", path, param->name,
				    param->name);
	if (!value)
		return read_bool(param, (char *)"y", param->value);
	given = strdup(value);
	if (!given)
		return mh_error_set(reterr, -ENOMEM, "%s: no memory for its parameters", path);
	ret = read_values(param, value, types[type].read);
	if (ret < 0)
		ret = refuse_value(param, path, given, types[type].takes, ret, reterr);
	free(given);
	return ret;
}
