/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "results/report/html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/units.h"
#include "results/show_private.h"

#define BAR_UNITS 100 /* of a bar's width, in its own coordinates */
#define REPLACED  "\xef\xbf\xbd"

static const char *entity_of(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* U+0000 to U+001F but for line ends and tabs, and U+007F to U+009F. */
static bool is_control(const char *at)
{
	unsigned char first = (unsigned char)at[0];

	if (first < ' ')
		return first != '\n' && first != '\t';
	return first == 0x7f || (first == 0xc2 && (unsigned char)at[1] < 0xa0);
}

static size_t character_size(const char *at)
{
	unsigned char first = (unsigned char)at[0];
	size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	return strnlen(at, size) == size && mh_utf8_valid_prefix(at, size) == size ? size : 0;
}

void mh_html_text(struct mh_text *html, const char *text)
{
	while (*text) {
		const char *entity = entity_of(*text);
		size_t size = character_size(text);

		if (entity)
			mh_text_append(html, entity, strlen(entity));
		else if (size == 0 || is_control(text))
			mh_text_append(html, REPLACED, strlen(REPLACED));
		else
			mh_text_append(html, text, size);
		text += size ? size : 1;
	}
}

void mh_html_name(struct mh_text *html, const char *text)
{
	mh_text_add(html, "<bdi>");
	mh_html_text(html, text);
	mh_text_add(html, "</bdi>");
}

void mh_html_table_open(struct mh_text *html, const char *caption, const char *const *heads, size_t head_count)
{
	mh_text_add(html, "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
	mh_html_text(html, caption);
	mh_text_add(html, "\"><table><caption>");
	mh_html_text(html, caption);
	mh_text_add(html, "</caption><thead><tr>");
	for (size_t i = 0; i < head_count; i++) {
		bool number = heads[i][0] == '\t';

		mh_text_add(html, "<th scope=\"col\"%s>", number ? " class=\"number\"" : "");
		mh_html_text(html, heads[i] + number);
		mh_text_add(html, "</th>");
	}
	mh_text_add(html, "</tr></thead><tbody>\n");
}

void mh_html_table_close(struct mh_text *html)
{
	mh_text_add(html, "</tbody></table></div>\n");
}

void mh_html_row_open(struct mh_text *html, const char *name)
{
	mh_text_add(html, "<tr>");
	if (!name)
		return;
	mh_text_add(html, "<th scope=\"row\">");
	mh_html_name(html, name);
	mh_text_add(html, "</th>");
}

void mh_html_row_close(struct mh_text *html)
{
	mh_text_add(html, "</tr>\n");
}

static void cell_dash(struct mh_text *html)
{
	mh_text_add(html, "<td class=\"number\">-</td>");
}

void mh_html_cell_text(struct mh_text *html, const char *text)
{
	mh_text_add(html, "<td>");
	if (text)
		mh_html_name(html, text);
	else
		mh_text_add(html, "-");
	mh_text_add(html, "</td>");
}

void mh_html_cell_count(struct mh_text *html, uint64_t count)
{
	char shown[MH_SHOW_CELL];

	mh_text_add(html, "<td class=\"number\"><data value=\"%" PRIu64 "\">%s</data></td>", count,
		    mh_show_exact(shown, count));
}

void mh_html_time(struct mh_text *html, double ns)
{
	char shown[MH_SHOW_CELL] = "0";

	if (ns != 0)
		mh_show_duration(shown, sizeof(shown), ns);
	mh_text_add(html, "<data value=\"%.17g\">%s</data>", ns, shown);
}

void mh_html_cell_time(struct mh_text *html, double ns)
{
	if (!isfinite(ns)) {
		cell_dash(html);
		return;
	}
	mh_text_add(html, "<td class=\"number\">");
	mh_html_time(html, ns);
	mh_text_add(html, "</td>");
}

void mh_html_cell_rate(struct mh_text *html, double per_second)
{
	char shown[MH_SHOW_CELL];

	if (!isfinite(per_second))
		cell_dash(html);
	else
		mh_text_add(html, "<td class=\"number\"><data value=\"%.17g\">%s/s</data></td>", per_second,
			    mh_show_count(shown, sizeof(shown), per_second));
}

/* A drawing needs no inline style, which the page's policy would refuse. */
static void add_bar(struct mh_text *html, double from, double to)
{
	mh_text_add(html,
		    "<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
		    "<rect x=\"%.2f\" y=\"1\" width=\"%.2f\" height=\"8\"/></svg>",
		    BAR_UNITS, fmin(fmax(from, 0), 1) * BAR_UNITS,
		    fmax(fmin(fmax(to, 0), 1) - fmin(fmax(from, 0), 1), 0.005) * BAR_UNITS);
}

void mh_html_cell_share(struct mh_text *html, double share)
{
	if (!isfinite(share)) {
		cell_dash(html);
		return;
	}
	mh_text_add(html, "<td class=\"number\"><data value=\"%.17g\">%.1f %%</data> ", share, share * 100);
	add_bar(html, 0, share);
	mh_text_add(html, "</td>");
}

void mh_html_cell_change(struct mh_text *html, double ratio)
{
	if (!isfinite(ratio))
		cell_dash(html);
	else
		mh_text_add(html, "<td class=\"number\"><data value=\"%.17g\">%+.2f %%</data></td>", ratio,
			    (ratio - 1) * 100);
}

void mh_html_cell_bar(struct mh_text *html, double from, double to)
{
	mh_text_add(html, "<td>");
	add_bar(html, from, to);
	mh_text_add(html, "</td>");
}
