/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small writer: block maps and lists, flow style for lists of scalars, double quotes for whatever is not a plain
 * word.
 */
#include "bench/engine/resolve.h"

#include "base/text.h"

#include <string.h>

static bool text_is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./%+-";

	return *text && *text != '-' && *text != '%' && text[strspn(text, plain)] == '\0';
}

static bool text_is_negative_number(const char *text)
{
	return *text == '-' && text[1] && text[1 + strspn(text + 1, "0123456789")] == '\0';
}

static void scalar_write(const char *text, struct mh_text *out)
{
	if (text_is_plain(text) || text_is_negative_number(text)) {
		mh_text_add(out, "%s", text);
		return;
	}
	mh_text_add(out, "\"");
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at == '"' || *at == '\\')
			mh_text_add(out, "\\%c", *at);
		else if (*at < 0x20 || *at == 0x7f)
			mh_text_add(out, "\\x%02x", *at);
		else
			mh_text_append(out, (const char *)at, 1);
	}
	mh_text_add(out, "\"");
}

static bool list_is_flat(const struct mh_node *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i]->kind != MH_NODE_SCALAR)
			return false;
	return true;
}

static void flat_write(const struct mh_node *list, struct mh_text *out)
{
	mh_text_add(out, "[");
	for (size_t i = 0; i < list->count; i++) {
		mh_text_add(out, "%s", i ? ", " : "");
		scalar_write(list->items[i]->text, out);
	}
	mh_text_add(out, "]\n");
}

static void node_write(const struct mh_node *node, unsigned indent, bool inlined, struct mh_text *out);

/* What follows "key:" or "-": a scalar on the same line, or a block below. */
static void value_write(const struct mh_node *value, unsigned indent, bool item, struct mh_text *out)
{
	if (value->kind == MH_NODE_SCALAR) {
		mh_text_add(out, " ");
		scalar_write(value->text, out);
		mh_text_add(out, "\n");
	} else if (!value->count) {
		mh_text_add(out, value->kind == MH_NODE_MAP ? " {}\n" : " []\n");
	} else if (value->kind == MH_NODE_LIST && list_is_flat(value)) {
		mh_text_add(out, " ");
		flat_write(value, out);
	} else {
		mh_text_add(out, item ? " " : "\n");
		node_write(value, indent + 2, item, out);
	}
}

/* @inlined: the first line goes on behind a "- ". */
static void node_write(const struct mh_node *node, unsigned indent, bool inlined, struct mh_text *out)
{
	for (size_t i = 0; i < node->count; i++) {
		mh_text_add(out, "%*s", inlined && i == 0 ? 0 : (int)indent, "");
		if (node->kind == MH_NODE_MAP) {
			scalar_write(node->pairs[i].key, out);
			mh_text_add(out, ":");
			value_write(node->pairs[i].value, indent, false, out);
		} else {
			mh_text_add(out, "-");
			value_write(node->items[i], indent, true, out);
		}
	}
}

char *mh_resolve_write(const struct mh_node *root)
{
	struct mh_text out = MH_TEXT_INIT;
	char *text;

	node_write(root, 0, false, &out);
	text = out.failed ? NULL : strdup(out.data);
	mh_text_release(&out);
	return text;
}
