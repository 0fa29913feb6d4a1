/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of formats, and what several of them ask. */
#include "results/export/export.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "results/export/export_list.h"

#define DECLARE(name) extern const struct mh_export_format mh_export_##name;
MH_EXPORT_LIST(DECLARE)

#define POINT(name) &mh_export_##name,
const struct mh_export_format *const mh_export_formats[] = {MH_EXPORT_LIST(POINT) NULL};

#define FORMAT_COUNT (sizeof(mh_export_formats) / sizeof(mh_export_formats[0]) - 1)

static int unknown_format(const char *name, struct mh_error *reterr)
{
	const char *names[FORMAT_COUNT];
	struct mh_text all = MH_TEXT_INIT;

	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		names[i] = mh_export_formats[i]->name;
		mh_text_add(&all, "%s%s", i ? ", " : "", names[i]);
	}
	const char *nearest = mh_text_nearest(name, names, FORMAT_COUNT);

	if (nearest)
		mh_error_set(reterr, -EINVAL, "unknown format '%s' (did you mean '%s'?)", name, nearest);
	else
		mh_error_set(reterr, -EINVAL, "unknown format '%s': use one of %s", name, all.data);
	mh_text_release(&all);
	return -EINVAL;
}

int mh_export_find(const char *name, const struct mh_export_format **ret_format, struct mh_error *reterr)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (strcmp(mh_export_formats[i]->name, name) == 0) {
			*ret_format = mh_export_formats[i];
			return 0;
		}
	}
	return unknown_format(name, reterr);
}

/* Of runs that a format adds up. */
static int check_cells(const struct mh_export_format *format, const struct mh_export *export, struct mh_error *reterr)
{
	for (size_t i = 1; format->one_cell && i < export->run_count; i++)
		if (strcmp(export->runs[i].cell, export->runs[0].cell) != 0)
			return mh_error_set(reterr, -ENODATA,
					    "%s holds one cell, and there are several: choose with --cell %s",
					    format->name, export->runs[0].cell);
	return 0;
}

int mh_export_write(const struct mh_export_format *format, const struct mh_export *export, struct mh_text *text,
		    struct mh_error *reterr)
{
	int ret = check_cells(format, export, reterr);

	if (ret == 0 && export->series && format->series == MH_SERIES_NONE)
		ret = mh_error_set(reterr, -EINVAL, "%s has no choice of series: leave --series out", format->name);
	if (ret == 0 && export->unit_ns && !format->unit)
		ret = mh_error_set(reterr, -EINVAL, "%s has a unit of its own: leave --unit out", format->name);
	if (ret == 0)
		ret = format->write(export, text, reterr);
	if (ret == 0 && text->failed)
		ret = mh_error_set(reterr, -ENOMEM, "no memory to write %s", format->name);
	return ret;
}

void mh_export_note(const struct mh_export *export, const char *format, ...)
{
	char line[MH_ERROR_SIZE];
	va_list arguments;

	if (!export->notes)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	mh_text_add(export->notes, "%s\n", line);
}

bool mh_export_use(const struct mh_export *export, const struct mh_export_run *run)
{
	if (!run->read) {
		mh_export_note(export, "%s/%s is left out: %s", run->cell, run->name, run->why);
		return false;
	}
	switch (run->result.status) {
	case MH_RUN_OK:
		return true;
	case MH_RUN_INVALID:
		mh_export_note(export, "%s/%s is invalid, and its numbers are not to be trusted: %s", run->cell,
			       run->name, run->result.status_reason_count ? run->result.status_reasons[0] : "");
		return true;
	default:
		mh_export_note(export, "%s/%s is left out: it is %s", run->cell, run->name,
			       mh_run_status_names[run->result.status]);
		return false;
	}
}

int mh_export_nothing_used(struct mh_error *reterr)
{
	return mh_error_set(reterr, -ENODATA, "there is no run whose numbers could be used");
}

static bool tag_is_response_of(const char *tag, const char *phase)
{
	size_t length = strlen(phase);

	return strncmp(tag, phase, length) == 0 && strcmp(tag + length, "/response") == 0;
}

const char *mh_export_headline(const struct mh_result *result)
{
	for (size_t i = 0; i < result->phase_count; i++) {
		if (strcmp(result->phases[i].role, "measure") != 0)
			continue;
		for (size_t j = 0; j < result->series_count; j++)
			if (tag_is_response_of(result->series[j].tag, result->phases[i].name))
				return result->series[j].tag;
	}
	return NULL;
}

bool mh_export_wants(const struct mh_export *export, const char *tag)
{
	return !export->series || mh_glob_match(export->series, tag);
}

bool mh_export_is_repeated(const struct mh_export *export, const struct mh_export_run *run)
{
	for (size_t i = 0; i < export->run_count; i++)
		if (&export->runs[i] != run && strcmp(export->runs[i].cell, run->cell) == 0)
			return true;
	return false;
}
