/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a gate.json is read back into. */
#include "results/gate_record.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "results/json_get.h"

#define SCHEMA   "memhp-bench/gate"
#define FILE_MAX (64u << 20) /* bytes */
#define LIST_MAX 65536

static struct mh_interval get_interval(struct mh_json_get *get, const json_t *object)
{
	const json_t *interval = mh_json_get_object(get, object, "ratio");

	return (struct mh_interval){
		.estimate = mh_json_get_optional_double(get, interval, "estimate", NAN),
		.lower = mh_json_get_optional_double(get, interval, "lower", NAN),
		.upper = mh_json_get_optional_double(get, interval, "upper", NAN),
		.attained = mh_json_get_optional_bool(get, interval, "attained", false),
	};
}

/* The index of a word; 0 after a failure, which is kept. */
static unsigned get_index(struct mh_json_get *get, const json_t *object, const char *key, const char *const *words,
			  int count)
{
	int index = mh_json_get_word(get, object, key, words, count);

	return index < 0 ? 0 : (unsigned)index;
}

/* A text that nobody has to look for before it is printed. */
static const char *get_words(struct mh_json_get *get, const json_t *object, const char *key)
{
	const char *words = mh_json_get_optional_text(get, object, key);

	return words ? words : "";
}

static struct mh_gate_line get_line(struct mh_json_get *get, const json_t *object)
{
	return (struct mh_gate_line){
		.kind = get_index(get, object, "kind", mh_gate_line_kind_names, MH_LINE_KINDS),
		.verdict = get_index(get, object, "verdict", mh_verdict_names, MH_VERDICTS),
		.gated = mh_json_get_optional_bool(get, object, "gated", false),
		.cell = get_words(get, object, "cell"),
		.name = mh_json_get_text(get, object, "name"),
		.unit = get_index(get, object, "unit", mh_metric_unit_names, MH_UNIT_RATIO + 1),
		.base = mh_json_get_optional_double(get, object, "base", NAN),
		.candidate = mh_json_get_optional_double(get, object, "candidate", NAN),
		.base_count = mh_json_get_optional_u64(get, object, "base_count", 0),
		.candidate_count = mh_json_get_optional_u64(get, object, "candidate_count", 0),
		.observations = mh_json_get_optional_u64(get, object, "observations", 0),
		.ratio = get_interval(get, object),
		.tolerance = mh_json_get_optional_double(get, object, "tolerance", NAN),
		.limit = mh_json_get_optional_double(get, object, "limit", NAN),
		.higher_is_better = mh_json_get_optional_bool(get, object, "higher_is_better", false),
		.p_adjusted = mh_json_get_optional_double(get, object, "p_adjusted", NAN),
		.words = get_words(get, object, "words"),
		.note = mh_json_get_optional_text(get, object, "note"),
		.next = mh_json_get_optional_text(get, object, "next"),
	};
}

static struct mh_gate_shift get_shift(struct mh_json_get *get, const json_t *object)
{
	const json_t *quantiles = mh_json_get_list(get, object, "quantiles");
	struct mh_gate_shift shift = {
		.cell = mh_json_get_text(get, object, "cell"),
		.series = mh_json_get_text(get, object, "series"),
	};

	for (size_t i = 0; i < json_array_size(quantiles) && i < MH_SHIFT_QUANTILES; i++)
		shift.shifts[shift.quantile_count++] = get_interval(get, json_array_get(quantiles, i));
	return shift;
}

static int get_lists(struct mh_json_get *get, const json_t *root, struct mh_gate_report *report)
{
	const json_t *lines = mh_json_get_list(get, root, "lines"), *shifts = mh_json_get_list(get, root, "shifts");

	report->lines = calloc(json_array_size(lines) + 1, sizeof(*report->lines));
	report->shifts = calloc(json_array_size(shifts) + 1, sizeof(*report->shifts));
	if (!report->lines || !report->shifts)
		return -ENOMEM;
	for (size_t i = 0; get->ret == 0 && i < json_array_size(lines); i++) {
		mh_json_get_place(get, "lines", i);
		report->lines[report->line_count++] = get_line(get, json_array_get(lines, i));
	}
	for (size_t i = 0; get->ret == 0 && i < json_array_size(shifts); i++) {
		mh_json_get_place(get, "shifts", i);
		report->shifts[report->shift_count++] = get_shift(get, json_array_get(shifts, i));
	}
	return get->ret;
}

static int get_report(struct mh_json_get *get, const json_t *root, struct mh_gate_report *report)
{
	report->verdict = get_index(get, root, "verdict", mh_verdict_names, MH_VERDICTS);
	report->summary = get_words(get, root, "summary");
	report->look = mh_json_get_optional_u64(get, root, "look", 0);
	report->family = mh_json_get_optional_u64(get, root, "family", 0);
	report->alpha = mh_json_get_optional_double(get, root, "alpha", NAN);
	return get_lists(get, root, report);
}

/* By the exit code: 0 although nothing was decided. */
static bool get_undecided_warns(struct mh_json_get *get, const json_t *root, enum mh_verdict verdict)
{
	return mh_verdict_exit(verdict, false) != mh_verdict_exit(verdict, true) &&
	       mh_json_get_optional_u64(get, root, "exit", 1) == (uint64_t)mh_verdict_exit(verdict, true);
}

int mh_gate_record_read(const char *path, struct mh_gate_record *ret_record, struct mh_error *reterr)
{
	struct mh_json_get get = {.name = path, .list_max = LIST_MAX, .reterr = reterr};
	struct mh_gate_record record = {.document = NULL};
	size_t size;
	char *text;
	int ret = mh_file_read(path, FILE_MAX, &text, &size, reterr);

	if (ret < 0)
		return ret;
	record.document = mh_json_get_begin(&get, text, size, SCHEMA);
	free(text);
	if (!record.document)
		return get.ret;
	ret = get_report(&get, record.document, &record.report);
	record.paired = mh_json_get_optional_bool(&get, record.document, "paired", false);
	record.undecided_warns = get_undecided_warns(&get, record.document, record.report.verdict);
	if (ret < 0) {
		mh_gate_record_release(&record);
		return ret == -ENOMEM ? mh_error_set(reterr, ret, "no memory for '%s'", path) : ret;
	}
	*ret_record = record;
	return 0;
}

struct mh_gate_rule mh_gate_record_rule(const struct mh_gate_record *record)
{
	return (struct mh_gate_rule){
		.paired = record->paired,
		.undecided_warns = record->undecided_warns,
		.alpha = record->report.alpha,
	};
}

void mh_gate_record_release(struct mh_gate_record *record)
{
	free(record->report.lines);
	free(record->report.shifts);
	json_decref(record->document);
	*record = (struct mh_gate_record){.document = NULL};
}
