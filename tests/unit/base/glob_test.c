/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Globs, the listeners' ".*", and patterns made to be slow. */
#include "base/text.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>
#include <time.h>

struct row {
	char pattern[32], name[32];
	bool matches;
};

ParameterizedTestParameters(glob, matches_the_whole_name)
{
	static struct row rows[] = {
		{"generic", "generic", true},
		{"generic", "generic2", false},
		{"generic", "xgeneric", false},
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "anything", true},
		{"a*b*c", "axxbyyc", true},
		{"a*b*c", "axxcyyb", false},
		{"cb.*", "cb.", true},
		{"?", "a", true},
		{"?", "", false},
		{"a?c", "abc", true},
		{"[a-c]x", "bx", true},
		{"[a-c]x", "dx", false},
		{"[!a-c]x", "dx", true},
		{"[!a-c]x", "ax", false},
		{"[]]", "]", true},
		{"[ab-]", "-", true},
		{"[ab", "[ab", true},
		{"{a,b}", "a", true},
		{"{a,b}", "b", true},
		{"{a,b}", "c", false},
		{"x{a,bc,}y", "xbcy", true},
		{"x{a,bc,}y", "xy", true},
		{"x{a,bc,}y", "xay", true},
		{"x{a,bc,}y", "xaby", false},
		{"{a,{b,c}d}e", "cde", true},
		{"{a,{b,c}d}e", "ce", false},
		{"{a*,b}c", "axxc", true},
		{"{[,],b}", ",", true},
		{"{a", "{a", true},
		{"a}", "a}", true},
		{"a,b", "a,b", true},
		{"a,b", "a", false},
		{"*.p99", "steady/x.p99", true},
	};

	return cr_make_param_array(struct row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct row *row, glob, matches_the_whole_name)
{
	cr_assert_eq(mh_glob_match(row->pattern, row->name), row->matches, "'%s' on '%s': expected %d", row->pattern,
		     row->name, row->matches);
}

Test(glob, dot_star_also_matches_a_single_listener)
{
	cr_expect(mh_glob_match("generic.*", "generic.7"));
	cr_expect(mh_glob_match("generic.*", "generic"));
	cr_expect(mh_glob_match("{a,b}.*", "b"));
	cr_expect_not(mh_glob_match("generic.*", "generics"));
	cr_expect_not(mh_glob_match("generic.*", "generi"));
	cr_expect_not(mh_glob_match("generic.", "generic"));
}

Test(glob, a_hostile_pattern_is_not_slow, .timeout = 10)
{
	char pattern[1001], name[2001];

	for (size_t i = 0; i < 1000; i++)
		pattern[i] = i % 2 ? 'a' : '*';
	memset(name, 'a', 2000);
	pattern[1000] = name[2000] = '\0';
	name[1999] = 'b';
	cr_assert_not(mh_glob_match(pattern, name));
}

Test(glob, a_pattern_beyond_the_bound_matches_nothing)
{
	char pattern[3000];

	memset(pattern, '*', sizeof(pattern) - 1);
	pattern[sizeof(pattern) - 1] = '\0';
	cr_assert_not(mh_glob_match(pattern, "a"));
	pattern[1023] = '\0';
	cr_assert(mh_glob_match(pattern, "a"));
}
