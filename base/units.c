/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers with units, by integer arithmetic alone: no locale, no rounding. "1.5us" is 1500 ns exactly; "0.3ns" is
 * refused, because no whole number of ns is meant by it. A bare 0 needs no unit: it is 0 in each.
 */
#include "base/units.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_MAX          30 /* of a mantissa: 2^64 bytes in KiB take 27; more is not a number that somebody meant */
#define FRACTION_DIGITS_MAX 20 /* 10^20 units of the least kind still fit the 128 bits that we reckon in */

typedef unsigned __int128 wide;

struct decimal {
	wide digits;       /* all digits, without the point */
	unsigned fraction; /* how many of them stand behind the point */
};

struct unit {
	const char *name;
	uint64_t scale; /* how many of the least unit */
};

static const struct unit duration_units[] = {
	{"ns", 1},
	{"us", 1000},
	{"ms", 1000000},
	{"s", 1000000000},
	{"m", UINT64_C(60) * 1000000000},
	{"h", UINT64_C(3600) * 1000000000},
	{NULL, 0},
};

static const struct unit size_units[] = {
	{"KiB", UINT64_C(1) << 10},
	{"MiB", UINT64_C(1) << 20},
	{"GiB", UINT64_C(1) << 30},
	{"TiB", UINT64_C(1) << 40},
	{NULL, 0},
};

static const struct unit share_units[] = {
	{"%", MH_PPB_ONE / 100},
	{"ppm", MH_PPB_ONE / 1000000},
	{NULL, 0},
};

/* What people write, and what they mean: {wrong, right}. */
static const char *const mistaken_units[][2] = {
	{"B", "KiB"},     {"kB", "KiB"},   {"KB", "KiB"},       {"K", "KiB"},        {"k", "KiB"},     {"kib", "KiB"},
	{"kiB", "KiB"},   {"Kib", "KiB"},  {"MB", "MiB"},       {"M", "MiB"},        {"mb", "MiB"},    {"mib", "MiB"},
	{"Mib", "MiB"},   {"GB", "GiB"},   {"G", "GiB"},        {"gb", "GiB"},       {"gib", "GiB"},   {"Gib", "GiB"},
	{"TB", "TiB"},    {"T", "TiB"},    {"tb", "TiB"},       {"tib", "TiB"},      {"Tib", "TiB"},   {"PB", "TiB"},
	{"PiB", "TiB"},   {"sec", "s"},    {"secs", "s"},       {"S", "s"},          {"min", "m"},     {"mins", "m"},
	{"hr", "h"},      {"hours", "h"},  {"hour", "h"},       {"H", "h"},          {"second", "s"},  {"seconds", "s"},
	{"minutes", "m"}, {"minute", "m"}, {"\xc2\xb5s", "us"}, {"\xce\xbcs", "us"}, {"usec", "us"},   {"msec", "ms"},
	{"nsec", "ns"},   {"US", "us"},    {"MS", "ms"},        {"NS", "ns"},        {"percent", "%"}, {"PPM", "ppm"},
};

static bool is_digit(char letter)
{
	return letter >= '0' && letter <= '9';
}

/* Reads digits with at most one point; moves @text behind them. -EINVAL: no digits; -ERANGE: too many. */
static int decimal_read(const char **text, struct decimal *ret_decimal)
{
	const char *at = *text;
	struct decimal decimal = {0};
	unsigned count = 0;
	bool point = false;

	if (!is_digit(*at))
		return -EINVAL;
	for (; is_digit(*at) || (*at == '.' && !point && is_digit(at[1])); at++) {
		if (*at == '.') {
			point = true;
			continue;
		}
		decimal.digits = decimal.digits * 10 + (unsigned)(*at - '0');
		decimal.fraction += point;
		count += decimal.digits != 0;
		if (count > DIGITS_MAX || decimal.fraction > FRACTION_DIGITS_MAX)
			return -ERANGE;
	}
	*text = at;
	*ret_decimal = decimal;
	return 0;
}

/* @decimal times @scale; -EINVAL when that is no whole number, -ERANGE when it does not fit. */
static int decimal_scale(struct decimal decimal, uint64_t scale, uint64_t *ret_value)
{
	wide divisor = 1;

	if (decimal.digits > (((wide)1 << 127) - 1) / scale)
		return -ERANGE;
	for (unsigned i = 0; i < decimal.fraction; i++)
		divisor *= 10;
	wide value = decimal.digits * scale;

	if (value % divisor != 0)
		return -EINVAL;
	if (value / divisor > UINT64_MAX)
		return -ERANGE;
	*ret_value = (uint64_t)(value / divisor);
	return 0;
}

static const char *unit_mistaken(const char *name)
{
	for (size_t i = 0; i < sizeof(mistaken_units) / sizeof(mistaken_units[0]); i++)
		if (strcmp(mistaken_units[i][0], name) == 0)
			return mistaken_units[i][1];
	return NULL;
}

static const struct unit *unit_find(const struct unit *units, const char *name)
{
	for (; units->name; units++)
		if (strcmp(units->name, name) == 0)
			return units;
	return NULL;
}

/* "ns, us, ms, s, m or h" */
static const char *unit_list(const struct unit *units, char *buffer, size_t size)
{
	size_t length = 0;

	buffer[0] = '\0';
	for (; units->name && length < size; units++) {
		const char *joint = !length ? "" : units[1].name ? ", " : " or ";

		length += (size_t)snprintf(buffer + length, size - length, "%s%s", joint, units->name);
	}
	return buffer;
}

static int unit_refuse(const char *text, const char *name, const struct unit *units, struct mh_error *reterr)
{
	const char *meant = unit_mistaken(name);
	char list[64];

	unit_list(units, list, sizeof(list));
	if (!*name)
		return mh_error_set(reterr, -EINVAL, "'%s' has no unit: write %s behind the number", text, list);
	if (meant && unit_find(units, meant))
		return mh_error_set(reterr, -EINVAL, "'%s': use %s, not %s", text, meant, name);
	return mh_error_set(reterr, -EINVAL, "'%s' has the unknown unit '%s': use %s", text, name, list);
}

/* A number and one of @units; @noun and @least name what is parsed, for the sentences. */
static int parse_with_unit(const char *text, const struct unit *units, const char *noun, const char *least,
			   uint64_t *ret_value, struct mh_error *reterr)
{
	const char *name = text;
	struct decimal decimal;
	int ret = decimal_read(&name, &decimal);

	if (ret == -ERANGE)
		return mh_error_set(reterr, ret, "'%s' has too many digits", text);
	if (ret < 0)
		return mh_error_set(reterr, ret, "'%s' is no %s", text, noun);
	if (!*name && decimal.digits == 0) {
		*ret_value = 0;
		return 0;
	}
	const struct unit *unit = unit_find(units, name);

	if (!unit)
		return unit_refuse(text, name, units, reterr);
	ret = decimal_scale(decimal, unit->scale, ret_value);
	if (ret == -ERANGE)
		return mh_error_set(reterr, ret, "'%s' is too large", text);
	if (ret < 0)
		return mh_error_set(reterr, ret, "'%s' is no whole number of %s", text, least);
	return 0;
}

int mh_parse_duration(const char *text, uint64_t *ret_ns, struct mh_error *reterr)
{
	return parse_with_unit(text, duration_units, "duration", "ns", ret_ns, reterr);
}

int mh_parse_size(const char *text, uint64_t *ret_bytes, struct mh_error *reterr)
{
	return parse_with_unit(text, size_units, "size", "bytes", ret_bytes, reterr);
}

int mh_parse_share(const char *text, uint64_t *ret_ppb, struct mh_error *reterr)
{
	uint64_t ppb;
	int ret = parse_with_unit(text, share_units, "share", "parts per billion", &ppb, reterr);

	if (ret < 0)
		return ret;
	if (ppb > MH_PPB_ONE)
		return mh_error_set(reterr, -ERANGE, "'%s' is more than 100%%", text);
	*ret_ppb = ppb;
	return 0;
}

int mh_parse_rate(const char *text, double *ret_per_second, struct mh_error *reterr)
{
	const char *unit = text;
	struct decimal decimal;
	int ret = decimal_read(&unit, &decimal);
	double value;

	if (ret == -ERANGE)
		return mh_error_set(reterr, ret, "'%s' has too many digits", text);
	if (ret < 0)
		return mh_error_set(reterr, ret, "'%s' is no rate", text);
	if (!*unit)
		return mh_error_set(reterr, -EINVAL, "'%s' has no unit: write %s/s", text, text);
	if (strcmp(unit, "/s") != 0)
		return mh_error_set(reterr, -EINVAL,
				    "'%s' has the unknown unit '%s': write it per second, as in 2000/s", text, unit);
	value = (double)decimal.digits;
	for (unsigned i = 0; i < decimal.fraction; i++)
		value /= 10.0;
	*ret_per_second = value;
	return 0;
}

static int digit_value(char letter, unsigned base)
{
	int value = -1;

	if (is_digit(letter))
		value = letter - '0';
	else if (letter >= 'a' && letter <= 'f')
		value = letter - 'a' + 10;
	else if (letter >= 'A' && letter <= 'F')
		value = letter - 'A' + 10;
	return value < (int)base ? value : -1;
}

/* Digits to the end of @text, "0x" before hexadecimal ones. */
static int digits_read(const char *text, uint64_t *ret_value)
{
	unsigned base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
	const char *at = base == 16 ? text + 2 : text;
	uint64_t value = 0;

	if (!*at)
		return -EINVAL;
	for (const char *check = at; *check; check++)
		if (digit_value(*check, base) < 0)
			return -EINVAL;
	for (; *at; at++)
		if (__builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit_value(*at, base), &value))
			return -ERANGE;
	*ret_value = value;
	return 0;
}

int mh_parse_unsigned(const char *text, uint64_t *ret_value, struct mh_error *reterr)
{
	int ret = digits_read(text, ret_value);

	if (ret == -ERANGE)
		return mh_error_set(reterr, ret, "'%s' does not fit into 64 bits", text);
	if (ret < 0)
		return mh_error_set(reterr, ret, "'%s' is no whole number of 0 or more", text);
	return 0;
}

int mh_parse_integer(const char *text, int64_t *ret_value, struct mh_error *reterr)
{
	bool negative = text[0] == '-';
	uint64_t magnitude;
	int ret = digits_read(text + negative, &magnitude);

	if (ret == 0 && magnitude > (uint64_t)INT64_MAX + negative)
		ret = -ERANGE;
	if (ret == -ERANGE)
		return mh_error_set(reterr, ret, "'%s' does not fit into 64 bits", text);
	if (ret < 0)
		return mh_error_set(reterr, ret, "'%s' is no whole number", text);
	*ret_value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	return 0;
}

/* @value in the largest unit of which it is a whole number; in the least one with a fraction when there is none. */
static char *format_exact(char *buffer, size_t size, uint64_t value, const struct unit *units)
{
	const struct unit *best = units;
	char fraction[32] = "";

	for (const struct unit *unit = units; unit->name; unit++)
		if (unit->scale > best->scale ? value % unit->scale == 0 : value % best->scale != 0)
			best = unit;
	uint64_t rest = value % best->scale;
	size_t length = 0;

	if (rest)
		fraction[length++] = '.';
	for (; rest && length < sizeof(fraction) - 1; rest %= best->scale) {
		rest *= 10;
		fraction[length++] = (char)('0' + rest / best->scale);
		fraction[length] = '\0';
	}
	snprintf(buffer, size, "%llu%s%s", (unsigned long long)(value / best->scale), fraction, best->name);
	return buffer;
}

char *mh_format_duration(char *buffer, size_t size, uint64_t ns)
{
	return format_exact(buffer, size, ns, duration_units);
}

char *mh_format_size(char *buffer, size_t size, uint64_t bytes)
{
	return format_exact(buffer, size, bytes, size_units);
}

/* In percent: 0.0000001% is one part per billion. */
char *mh_format_share(char *buffer, size_t size, uint64_t ppb)
{
	static const struct unit percent[] = {{"%", MH_PPB_ONE / 100}, {NULL, 0}};

	return format_exact(buffer, size, ppb, percent);
}

/* Three significant digits of a value in [0, 1000): "1.25", "12.5", "125". */
static int show_three(char *buffer, size_t size, double value, const char *space, const char *unit)
{
	int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

	return snprintf(buffer, size, "%.*f%s%s", decimals, value, space, unit);
}

/* The first unit in which @value, rounded to three digits, stays below 1000 (or @step); the last takes what is left. */
static char *show_scaled(char *buffer, size_t size, double value, const char *const *units, double step)
{
	while (value >= (step > 1000 ? 1023.5 : 999.5) && units[1]) {
		value /= step;
		units++;
	}
	if (!units[0][0] && value == (double)(uint64_t)value)
		snprintf(buffer, size, "%.0f", value);
	else
		show_three(buffer, size, value, units[0][0] ? " " : "", units[0]);
	return buffer;
}

char *mh_show_duration(char *buffer, size_t size, double ns)
{
	static const char *const below_minute[] = {"ns", "us", "ms", "s", NULL};

	if (ns >= 3600e9)
		show_three(buffer, size, ns / 3600e9, " ", "h");
	else if (ns >= 60e9)
		show_three(buffer, size, ns / 60e9, " ", "min");
	else
		show_scaled(buffer, size, ns, below_minute, 1000);
	return buffer;
}

char *mh_show_count(char *buffer, size_t size, double count)
{
	static const char *const units[] = {"", "k", "M", "G", "T", NULL};

	return show_scaled(buffer, size, count, units, 1000);
}

char *mh_show_size(char *buffer, size_t size, uint64_t bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", NULL};

	return show_scaled(buffer, size, (double)bytes, units, 1024);
}
