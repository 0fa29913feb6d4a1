/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each format makes of text that means something to it. */
#include "results/export/escape.h"

#include <criterion/criterion.h>

#include "fixture.h"

static void check(void (*escape)(struct mh_text *, const char *), const char *raw, const char *expected)
{
	struct mh_text text = MH_TEXT_INIT;

	escape(&text, raw);
	cr_expect_str_eq(text.data, expected, "of '%s': '%s'", raw, text.data);
	mh_text_release(&text);
}

Test(escape, xml_keeps_lines_between_tags_and_writes_them_in_attributes)
{
	check(mh_escape_xml, "a<b>&\"c\"\n\td", "a&lt;b&gt;&amp;&quot;c&quot;\n\td");
	check(mh_escape_xml_attribute, "a\n\tb", "a&#10;&#9;b");
}

Test(escape, control_characters_and_broken_bytes_are_left_out)
{
	check(mh_escape_xml, "a\x1b[31m\a\x7f\xff\xc3z\xc2\x85\r", "a[31mz");
	check(mh_escape_xml, "\xc3\xa4\xe2\x80\xa6\xf0\x9f\x98\x80\xef\xbf\xbe",
	      "\xc3\xa4\xe2\x80\xa6\xf0\x9f\x98\x80");
	check(mh_escape_json, "a\x01\"\\\n", "\"a\\\"\\\\\\n\"");
	check(mh_escape_csv, "a\x01z", "az");
}

Test(escape, csv_quotes_only_where_it_must)
{
	check(mh_escape_csv, "plain text", "plain text");
	check(mh_escape_csv, "a,b", "\"a,b\"");
	check(mh_escape_csv, "say \"x\"", "\"say \"\"x\"\"\"");
	check(mh_escape_csv, "two\nlines", "\"two\nlines\"");
}

Test(escape, markdown_begins_no_markup)
{
	check(mh_escape_markdown, "a|b\n# [x](y) <b> `c` *d* _e_",
	      "a\\|b \\# \\[x\\](y) &lt;b&gt; \\`c\\` \\*d\\* \\_e\\_");
}

Test(escape, github_cannot_begin_a_command)
{
	check(mh_escape_github, "100%\n::error::x", "100%25%0A::error::x");
	check(mh_escape_github_property, "a:b,c%", "a%3Ab%2Cc%25");
}
