/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "results/report/template.h"

#include <string.h>

#include "base/io.h"
#include "results/encode.h"
#include "results/report/assets.h"

#define SUM_BYTES 32
#define MAP_HINT  "# sourceMappingURL="

/* What goes into a place "@NAME@" of page.html. */
struct piece {
	const char *name, *text;
	size_t length;
};

/* Without the hint where its source map is: a browser's tools would look for it, and the page asks for nothing. */
static size_t length_without_map(const char *text)
{
	const char *hint = strstr(text, MAP_HINT);

	while (hint && hint > text && *hint != '\n')
		hint--;
	return hint ? (size_t)(hint - text) : strlen(text);
}

static unsigned nibble(char digit)
{
	return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* "'sha256-…'" of an inline element's content. Source: Content Security Policy Level 3. */
static void add_sum(struct mh_text *policy, const struct piece *piece)
{
	unsigned char sum[SUM_BYTES];
	char hex[2 * SUM_BYTES + 1];

	mh_sha256_hex(piece->text, piece->length, hex);
	for (size_t i = 0; i < SUM_BYTES; i++)
		sum[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	mh_text_add(policy, " 'sha256-");
	mh_base64_encode(sum, SUM_BYTES, policy);
	mh_text_add(policy, "'");
}

enum { PAGE_CSS, DYGRAPHS_CSS, PAGE_JS, DYGRAPHS_JS, TITLE, BODY, DATA, POLICY, PIECES };

static void make_policy(const struct piece *pieces, struct mh_text *policy)
{
	mh_text_add(policy, "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src");
	add_sum(policy, &pieces[DYGRAPHS_CSS]);
	add_sum(policy, &pieces[PAGE_CSS]);
	mh_text_add(policy, "; script-src");
	add_sum(policy, &pieces[DYGRAPHS_JS]);
	add_sum(policy, &pieces[PAGE_JS]);
}

static const struct piece *find_piece(const struct piece *pieces, const char *name)
{
	for (size_t i = 0; i < PIECES; i++)
		if (strncmp(name, pieces[i].name, strlen(pieces[i].name)) == 0)
			return &pieces[i];
	return NULL;
}

static void fill(const struct piece *pieces, struct mh_text *page)
{
	for (const char *at = mh_asset_page_html; *at;) {
		size_t length = strcspn(at, "@");
		const struct piece *piece;

		mh_text_append(page, at, length);
		at += length;
		piece = *at ? find_piece(pieces, at) : NULL;
		if (piece)
			mh_text_append(page, piece->text, piece->length);
		else
			mh_text_append(page, at, *at != '\0');
		at += piece ? strlen(piece->name) : *at != '\0';
	}
}

void mh_template_fill(const struct mh_template *content, struct mh_text *page)
{
	struct mh_text policy = MH_TEXT_INIT;
	struct piece pieces[PIECES] = {
		[PAGE_CSS] = {"@PAGE_CSS@", mh_asset_page_css, strlen(mh_asset_page_css)},
		[DYGRAPHS_CSS] = {"@DYGRAPHS_CSS@", mh_asset_dygraphs_css, length_without_map(mh_asset_dygraphs_css)},
		[PAGE_JS] = {"@PAGE_JS@", mh_asset_page_js, strlen(mh_asset_page_js)},
		[DYGRAPHS_JS] = {"@DYGRAPHS_JS@", mh_asset_dygraphs_js, length_without_map(mh_asset_dygraphs_js)},
		[TITLE] = {"@TITLE@", content->title, strlen(content->title)},
		[BODY] = {"@BODY@", content->body, strlen(content->body)},
		[DATA] = {"@DATA@", content->data, strlen(content->data)},
	};

	make_policy(pieces, &policy);
	pieces[POLICY] = (struct piece){"@POLICY@", policy.data, policy.length};
	fill(pieces, page);
	page->failed |= policy.failed;
	mh_text_release(&policy);
}
