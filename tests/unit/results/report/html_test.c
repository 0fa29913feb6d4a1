/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes from a file stays text, and numbers keep their exact value. */
#include "results/report/html.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT_IN(text, what) cr_expect(strstr(text, what), "'%s' is not in: %s", what, text)

static char *escaped(const char *text)
{
	struct mh_text html = MH_TEXT_INIT;

	mh_html_text(&html, text);
	cr_assert_not(html.failed);
	return html.data;
}

static void expect_escaped(const char *text, const char *expected)
{
	char *html = escaped(text);

	cr_expect_str_eq(html, expected, "'%s' became '%s'", text, html);
	if (*html)
		free(html);
}

Test(html, escapes_what_could_be_markup)
{
	expect_escaped("</script><b a='1' b=\"2\">&", "&lt;/script&gt;&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;");
}

Test(html, keeps_letters_of_any_language)
{
	expect_escaped("\xd7\x9e\xd7\x99\xd7\x9c\xd7\x94 \xe2\x82\xac",
		       "\xd7\x9e\xd7\x99\xd7\x9c\xd7\x94 \xe2\x82\xac");
}

Test(html, replaces_controls_and_what_is_no_utf8)
{
	expect_escaped("a\x01z\x7f\xc2\x85", "a\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd");
	expect_escaped("a\xffz", "a\xef\xbf\xbdz");
	expect_escaped("cut off \xe2\x82", "cut off \xef\xbf\xbd\xef\xbf\xbd");
	expect_escaped("\xc0\xbcscript>", "\xef\xbf\xbd\xef\xbf\xbdscript&gt;");
}

Test(html, keeps_a_name_apart_from_its_surroundings)
{
	struct mh_text html = MH_TEXT_INIT;

	mh_html_name(&html, "\xe2\x80\xae"
			    "evil");
	cr_expect_str_eq(html.data, "<bdi>\xe2\x80\xae"
				    "evil</bdi>");
	mh_text_release(&html);
}

Test(html, gives_the_exact_value_beside_what_it_shows)
{
	struct mh_text html = MH_TEXT_INIT;

	mh_html_cell_time(&html, 1234567);
	EXPECT_IN(html.data, "<data value=\"1234567\">1.23 ms</data>");
	mh_html_cell_count(&html, UINT64_C(8431922));
	EXPECT_IN(html.data, "<data value=\"8431922\">8,431,922</data>");
	mh_text_release(&html);
}

Test(html, shows_a_dash_for_what_is_not_there)
{
	struct mh_text html = MH_TEXT_INIT;

	mh_html_cell_time(&html, NAN);
	mh_html_cell_rate(&html, NAN);
	mh_html_cell_share(&html, INFINITY);
	mh_html_cell_change(&html, NAN);
	cr_expect_not(strstr(html.data, "nan") || strstr(html.data, "inf"), "%s", html.data);
	EXPECT_IN(html.data, "<td class=\"number\">-</td>");
	mh_text_release(&html);
}

Test(html, marks_the_heads_of_numbers)
{
	static const char *const heads[] = {"Series", "\tp50"};
	struct mh_text html = MH_TEXT_INIT;

	mh_html_table_open(&html, "a <b>", heads, 2);
	mh_html_table_close(&html);
	EXPECT_IN(html.data, "<th scope=\"col\">Series</th><th scope=\"col\" class=\"number\">p50</th>");
	EXPECT_IN(html.data, "aria-label=\"a &lt;b&gt;\"");
	mh_text_release(&html);
}
