/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers with units: what is read, what is refused and with which remedy, and back again. */
#include "base/units.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <string.h>

typedef int (*parse_fn)(const char *text, uint64_t *ret_value, struct mh_error *reterr);

enum parser { DURATION, SIZE, SHARE, UNSIGNED };

static int parse(enum parser parser, const char *text, uint64_t *ret_value, struct mh_error *reterr)
{
	static const parse_fn parsers[] = {mh_parse_duration, mh_parse_size, mh_parse_share, mh_parse_unsigned};

	return parsers[parser](text, ret_value, reterr);
}

struct good_row {
	enum parser parser;
	char text[32];
	uint64_t value;
};

ParameterizedTestParameters(units, reads_exactly)
{
	static struct good_row rows[] = {
		{DURATION, "250ns", 250},
		{DURATION, "1.5us", 1500},
		{DURATION, "10ms", 10000000},
		{DURATION, "30s", UINT64_C(30000000000)},
		{DURATION, "5m", UINT64_C(300000000000)},
		{DURATION, "2h", UINT64_C(7200000000000)},
		{DURATION, "0.001us", 1},
		{DURATION, "0", 0},
		{DURATION, "0s", 0},
		{DURATION, "00010ns", 10},
		{SIZE, "1KiB", 1024},
		{SIZE, "128MiB", UINT64_C(128) << 20},
		{SIZE, "1.5GiB", UINT64_C(1536) << 20},
		{SIZE, "1TiB", UINT64_C(1) << 40},
		{SIZE, "16777215TiB", UINT64_C(16777215) << 40},
		{SHARE, "0.1%", 1000000},
		{SHARE, "100%", 1000000000},
		{SHARE, "250ppm", 250000},
		{SHARE, "0.0000001%", 1},
		{SHARE, "0", 0},
		{UNSIGNED, "18446744073709551615", UINT64_MAX},
		{UNSIGNED, "0x5eed", 0x5eed},
		{UNSIGNED, "0XfF", 255},
		{UNSIGNED, "0", 0},
	};

	return cr_make_param_array(struct good_row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct good_row *row, units, reads_exactly)
{
	struct mh_error error = {0};
	uint64_t value = 77;
	int ret = parse(row->parser, row->text, &value, &error);

	cr_assert_eq(ret, 0, "'%s': %d %s", row->text, ret, error.text);
	cr_assert_eq(value, row->value, "'%s': %" PRIu64 ", expected %" PRIu64, row->text, value, row->value);
}

struct bad_row {
	enum parser parser;
	char text[40];
	int code;
	char sentence[96];
};

ParameterizedTestParameters(units, refuses_with_a_remedy)
{
	static struct bad_row rows[] = {
		{DURATION, "10", -EINVAL, "'10' has no unit: write ns, us, ms, s, m or h behind the number"},
		{DURATION, "10min", -EINVAL, "'10min': use m, not min"},
		{DURATION, "10 ms", -EINVAL, "'10 ms' has the unknown unit ' ms': use ns, us, ms, s, m or h"},
		{DURATION, "-5s", -EINVAL, "'-5s' is no duration"},
		{DURATION, "", -EINVAL, "'' is no duration"},
		{DURATION, ".5s", -EINVAL, "'.5s' is no duration"},
		{DURATION, "5.s", -EINVAL, "'5.s' has the unknown unit '.s': use ns, us, ms, s, m or h"},
		{DURATION, "1e3s", -EINVAL, "'1e3s' has the unknown unit 'e3s': use ns, us, ms, s, m or h"},
		{DURATION, "0.3ns", -EINVAL, "'0.3ns' is no whole number of ns"},
		{DURATION, "99999999999h", -ERANGE, "'99999999999h' is too large"},
		{DURATION, "1111111111111111111111111111111ns", -ERANGE,
		 "'1111111111111111111111111111111ns' has too many digits"},
		{DURATION, "0x10ns", -EINVAL, "'0x10ns' has the unknown unit 'x10ns': use ns, us, ms, s, m or h"},
		{DURATION, "1,5s", -EINVAL, "'1,5s' has the unknown unit ',5s': use ns, us, ms, s, m or h"},
		{SIZE, "128MB", -EINVAL, "'128MB': use MiB, not MB"},
		{SIZE, "1g", -EINVAL, "'1g' has the unknown unit 'g': use KiB, MiB, GiB or TiB"},
		{SIZE, "4096", -EINVAL, "'4096' has no unit: write KiB, MiB, GiB or TiB behind the number"},
		{SIZE, "4ms", -EINVAL, "'4ms' has the unknown unit 'ms': use KiB, MiB, GiB or TiB"},
		{SIZE, "0.0001KiB", -EINVAL, "'0.0001KiB' is no whole number of bytes"},
		{SIZE, "16777216TiB", -ERANGE, "'16777216TiB' is too large"},
		{SHARE, "0.5", -EINVAL, "'0.5' has no unit: write % or ppm behind the number"},
		{SHARE, "100.1%", -ERANGE, "'100.1%' is more than 100%"},
		{SHARE, "0.00000001%", -EINVAL, "'0.00000001%' is no whole number of parts per billion"},
		{UNSIGNED, "18446744073709551616", -ERANGE, "'18446744073709551616' does not fit into 64 bits"},
		{UNSIGNED, "-1", -EINVAL, "'-1' is no whole number of 0 or more"},
		{UNSIGNED, "0x", -EINVAL, "'0x' is no whole number of 0 or more"},
		{UNSIGNED, "12a", -EINVAL, "'12a' is no whole number of 0 or more"},
		{UNSIGNED, "1.0", -EINVAL, "'1.0' is no whole number of 0 or more"},
	};

	return cr_make_param_array(struct bad_row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct bad_row *row, units, refuses_with_a_remedy)
{
	struct mh_error error = {0};
	uint64_t value = 77;
	int ret = parse(row->parser, row->text, &value, &error);

	cr_assert_eq(ret, row->code, "'%s': %d, expected %d", row->text, ret, row->code);
	cr_assert_str_eq(error.text, row->sentence, "got \"%s\", expected \"%s\"", error.text, row->sentence);
	cr_assert_eq(value, 77, "the result was touched");
}

Test(units, reads_signed_integers_to_their_ends)
{
	int64_t value = 0;

	cr_expect_eq(mh_parse_integer("-9223372036854775808", &value, NULL), 0);
	cr_expect_eq(value, INT64_MIN);
	cr_expect_eq(mh_parse_integer("9223372036854775807", &value, NULL), 0);
	cr_expect_eq(value, INT64_MAX);
	cr_expect_eq(mh_parse_integer("-0x10", &value, NULL), 0);
	cr_expect_eq(value, -16);
	cr_expect_eq(mh_parse_integer("9223372036854775808", &value, NULL), -ERANGE);
	cr_expect_eq(mh_parse_integer("-9223372036854775809", &value, NULL), -ERANGE);
	cr_expect_eq(mh_parse_integer("--1", &value, NULL), -EINVAL);
	cr_expect_eq(mh_parse_integer("-", &value, NULL), -EINVAL);
	cr_expect_eq(value, -16, "the result was touched");
}

Test(units, reads_rates_per_second_only)
{
	struct mh_error error;
	double rate = 0;

	cr_expect_eq(mh_parse_rate("2000/s", &rate, NULL), 0);
	cr_expect_eq(rate, 2000.0);
	cr_expect_eq(mh_parse_rate("0.5/s", &rate, NULL), 0);
	cr_expect_eq(rate, 0.5);
	cr_expect_eq(mh_parse_rate("2k/s", &rate, &error), -EINVAL);
	cr_expect_str_eq(error.text, "'2k/s' has the unknown unit 'k/s': write it per second, as in 2000/s");
	cr_expect_eq(mh_parse_rate("2000", &rate, &error), -EINVAL);
	cr_expect_str_eq(error.text, "'2000' has no unit: write 2000/s");
	cr_expect_eq(mh_parse_rate("2000/m", &rate, NULL), -EINVAL);
}

Test(units, do_not_depend_on_the_locale)
{
	uint64_t ns = 0;

	(void)setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is not installed the test holds all the more */
	cr_assert_eq(mh_parse_duration("1.5us", &ns, NULL), 0);
	cr_assert_eq(ns, 1500);
}

Test(units, what_is_formatted_is_read_back_the_same)
{
	static const uint64_t values[] = {0,           1,           999,        1000,         1500,
					  60000000000, 90000000000, 1048576,    1073741824,   1000000000001,
					  123456789,   1023,        UINT64_MAX, 3600000000000};
	char buffer[48];

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint64_t back = 1;

		cr_expect_eq(mh_parse_duration(mh_format_duration(buffer, sizeof(buffer), values[i]), &back, NULL), 0,
			     "%s", buffer);
		cr_expect_eq(back, values[i], "%s", buffer);
		cr_expect_eq(mh_parse_size(mh_format_size(buffer, sizeof(buffer), values[i]), &back, NULL), 0, "%s",
			     buffer);
		cr_expect_eq(back, values[i], "%s", buffer);
		cr_expect_eq(
			mh_parse_share(mh_format_share(buffer, sizeof(buffer), values[i] % 1000000001), &back, NULL), 0,
			"%s", buffer);
		cr_expect_eq(back, values[i] % 1000000001, "%s", buffer);
	}
}

Test(units, formats_in_the_largest_whole_unit)
{
	char buffer[48];

	cr_expect_str_eq(mh_format_duration(buffer, sizeof(buffer), 10000000), "10ms");
	cr_expect_str_eq(mh_format_duration(buffer, sizeof(buffer), 1500), "1500ns");
	cr_expect_str_eq(mh_format_duration(buffer, sizeof(buffer), 7200000000000), "2h");
	cr_expect_str_eq(mh_format_size(buffer, sizeof(buffer), UINT64_C(128) << 20), "128MiB");
	cr_expect_str_eq(mh_format_size(buffer, sizeof(buffer), 512), "0.5KiB");
	cr_expect_str_eq(mh_format_share(buffer, sizeof(buffer), 1000000), "0.1%");
	cr_expect_str_eq(mh_format_share(buffer, sizeof(buffer), 1000000000), "100%");
}

Test(units, shows_three_digits_to_people)
{
	char buffer[48];

	cr_expect_str_eq(mh_show_duration(buffer, sizeof(buffer), 0), "0.00 ns");
	cr_expect_str_eq(mh_show_duration(buffer, sizeof(buffer), 1250), "1.25 us");
	cr_expect_str_eq(mh_show_duration(buffer, sizeof(buffer), 999.4), "999 ns");
	cr_expect_str_eq(mh_show_duration(buffer, sizeof(buffer), 999.6), "1.00 us");
	cr_expect_str_eq(mh_show_duration(buffer, sizeof(buffer), 59.94e9), "59.9 s");
	cr_expect_str_eq(mh_show_duration(buffer, sizeof(buffer), 90e9), "1.50 min");
	cr_expect_str_eq(mh_show_count(buffer, sizeof(buffer), 12345678), "12.3 M");
	cr_expect_str_eq(mh_show_count(buffer, sizeof(buffer), 999), "999");
	cr_expect_str_eq(mh_show_count(buffer, sizeof(buffer), 7), "7");
	cr_expect_str_eq(mh_show_size(buffer, sizeof(buffer), UINT64_C(4) << 30), "4.00 GiB");
	cr_expect_str_eq(mh_show_size(buffer, sizeof(buffer), 1023), "1023 B");
	cr_expect_str_eq(mh_show_size(buffer, sizeof(buffer), 1024), "1.00 KiB");
}
