/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of a report: everything lies in blocks that are freed together; a list that grows leaves its old place. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/gate_private.h"

struct mh_gate_block {
	struct mh_gate_block *next;
	_Alignas(16) unsigned char bytes[];
};

void *mh_gate_allocate(struct mh_gate *gate, size_t size)
{
	struct mh_gate_block *block = calloc(1, sizeof(*block) + size);

	if (!block) {
		gate->failed = true;
		return NULL;
	}
	block->next = gate->report->blocks;
	gate->report->blocks = block;
	return block->bytes;
}

void mh_gate_report_release(struct mh_gate_report *report)
{
	while (report->blocks) {
		struct mh_gate_block *block = report->blocks;

		report->blocks = block->next;
		free(block);
	}
	*report = (struct mh_gate_report){0};
}

static const char *format_text(struct mh_gate *gate, const char *format, va_list arguments)
{
	va_list again;

	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	char *copy = length < 0 ? NULL : mh_gate_allocate(gate, (size_t)length + 1);

	if (!copy) {
		gate->failed = true;
		return "";
	}
	vsnprintf(copy, (size_t)length + 1, format, arguments);
	return copy;
}

const char *mh_gate_format(struct mh_gate *gate, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	const char *text = format_text(gate, format, arguments);
	va_end(arguments);
	return text;
}

const char *mh_gate_next(struct mh_gate *gate, const char *format, ...)
{
	va_list arguments;

	if (!gate->rule->command)
		return NULL;
	va_start(arguments, format);
	const char *behind = format_text(gate, format, arguments);
	va_end(arguments);
	return mh_gate_format(gate, "%s%s%s", gate->rule->command, *behind ? " " : "", behind);
}

void *mh_gate_grow(struct mh_gate *gate, void *items_pointer, size_t *count, size_t *capacity, size_t size)
{
	void **items = items_pointer;

	if (*count == *capacity) {
		size_t larger = *capacity ? 2 * *capacity : 16;
		void *moved = mh_gate_allocate(gate, larger * size);

		if (!moved)
			return NULL;
		if (*count)
			memcpy(moved, *items, *count * size);
		*items = moved;
		*capacity = larger;
	}
	return (unsigned char *)*items + (*count)++ * size;
}

struct mh_gate_line *mh_gate_add_line(struct mh_gate *gate, enum mh_gate_line_kind kind, enum mh_verdict verdict,
				      const char *cell, const char *name)
{
	struct mh_gate_report *report = gate->report;
	struct mh_gate_line *line =
		mh_gate_grow(gate, &report->lines, &report->line_count, &gate->line_capacity, sizeof(*line));

	if (!line)
		line = &gate->nowhere;
	*line = (struct mh_gate_line){
		.kind = kind,
		.verdict = verdict,
		.gated = !gate->rule->compare && kind != MH_LINE_EXPLORATORY,
		.cell = mh_gate_format(gate, "%s", cell ? cell : ""),
		.name = mh_gate_format(gate, "%s", name),
		.base = NAN,
		.candidate = NAN,
		.ratio = {NAN, NAN, NAN, false},
		.bound = NAN,
		.bound_level = NAN,
		.tolerance = NAN,
		.floor = NAN,
		.limit = NAN,
		.p = NAN,
		.p_adjusted = NAN,
		.detectable = NAN,
		.shape_p = NAN,
		.dispersion_p = NAN,
		.words = "",
	};
	return line;
}

void mh_gate_decide(struct mh_gate *gate, struct mh_gate_line *line, enum mh_verdict verdict, const char *words)
{
	line->verdict = line->gated ? verdict : MH_VERDICT_NONE;
	line->words = words;
	if (!line->gated && !gate->rule->compare && line->kind == MH_LINE_TIME)
		line->words = mh_gate_format(gate, "advisory, would be %s: %s", mh_verdict_names[verdict], words);
}

int mh_gate_compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}
