/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a result and its lists. Everything that it holds but the counts of histograms lies in blocks that are
 * freed together; a list that grows leaves its old place behind, which costs at most as much again.
 */
#include "results/result.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/tag.h"

struct mh_result_block {
	struct mh_result_block *next;
	_Alignas(16) unsigned char bytes[];
};

const char *const mh_run_status_names[MH_RUN_STATUSES] = {"ok", "aborted", "invalid", "incorrect"};

const char *const mh_step_kind_names[MH_STEP_KINDS] = {"lock", "walk", "listener", "drain", "migrate", "grace"};

void mh_result_init(struct mh_result *result)
{
	*result = (struct mh_result){
		.mode = "threads",
		.times = "harness only",
		.time_scale = 1,
		.overheads.recorder_ns = -1,
		.overheads.stamps_ns = -1,
	};
}

void mh_result_release(struct mh_result *result)
{
	for (size_t i = 0; i < result->series_count; i++)
		mh_histogram_release(&result->series[i].histogram);
	while (result->blocks) {
		struct mh_result_block *block = result->blocks;

		result->blocks = block->next;
		free(block);
	}
	*result = (struct mh_result){0};
}

/* Zeroed memory that lives as long as @result, or NULL. */
static void *result_allocate(struct mh_result *result, size_t size)
{
	struct mh_result_block *block = calloc(1, sizeof(*block) + size);

	if (!block) {
		result->failed = true;
		return NULL;
	}
	block->next = result->blocks;
	result->blocks = block;
	return block->bytes;
}

const char *mh_result_text(struct mh_result *result, const char *text)
{
	return text ? mh_result_format(result, "%s", text) : NULL;
}

static const char *format_text(struct mh_result *result, const char *format, va_list arguments)
{
	va_list again;

	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	char *copy = length < 0 ? NULL : result_allocate(result, (size_t)length + 1);

	if (!copy) {
		result->failed = true;
		return "";
	}
	vsnprintf(copy, (size_t)length + 1, format, arguments);
	return copy;
}

const char *mh_result_format(struct mh_result *result, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	const char *text = format_text(result, format, arguments);
	va_end(arguments);
	return text;
}

/*
 * A zeroed item of @size bytes at the end of a list: *@items is its array, of *@count used and *@capacity allocated
 * items. NULL when memory ran out.
 */
static void *list_add(struct mh_result *result, void **items, size_t *count, size_t *capacity, size_t size)
{
	if (*count == *capacity) {
		size_t larger = *capacity ? 2 * *capacity : 8;
		void *moved = result_allocate(result, larger * size);

		if (!moved)
			return NULL;
		if (*count)
			memcpy(moved, *items, *count * size);
		*items = moved;
		*capacity = larger;
	}
	return (char *)*items + size * (*count)++;
}

/* The field pair NAME, NAME_count, NAME_capacity of @owner as arguments of list_add(). */
#define LIST(owner, items, name)                                                                                       \
	(void **)&(owner)->items, &(owner)->name##_count, &(owner)->name##_capacity, sizeof(*(owner)->items)

struct mh_result_phase *mh_result_add_phase(struct mh_result *result)
{
	struct mh_result_phase *phase = list_add(result, LIST(result, phases, phase));

	if (phase)
		phase->recovery_ns = MH_NOT_AVAILABLE;
	return phase;
}

struct mh_result_workload *mh_result_add_workload(struct mh_result *result, struct mh_result_phase *phase)
{
	struct mh_result_workload *workload = list_add(result, LIST(phase, workloads, workload));

	if (workload)
		workload->threads_ns = MH_NOT_AVAILABLE;
	return workload;
}

int mh_result_add_cpu(struct mh_result *result, struct mh_result_workload *workload, int64_t cpu)
{
	int64_t *item = list_add(result, LIST(workload, cpus, cpu));

	if (!item)
		return -ENOMEM;
	*item = cpu;
	return 0;
}

struct mh_result_fault *mh_result_add_fault(struct mh_result *result)
{
	return list_add(result, LIST(result, faults, fault));
}

struct mh_result_site *mh_result_add_site(struct mh_result *result, struct mh_result_fault *fault)
{
	return list_add(result, LIST(fault, sites, site));
}

struct mh_result_violation *mh_result_add_violation(struct mh_result *result)
{
	struct mh_result_verify *verify = &result->verify;

	return list_add(result, (void **)&verify->violations, &verify->violation_kept, &verify->violation_capacity,
			sizeof(*verify->violations));
}

struct mh_result_expected *mh_result_add_expected(struct mh_result *result)
{
	return list_add(result, LIST(&result->verify, expected, expected));
}

struct mh_result_slo *mh_result_add_slo(struct mh_result *result)
{
	return list_add(result, LIST(result, slos, slo));
}

struct mh_result_exemplar *mh_result_add_exemplar(struct mh_result *result)
{
	struct mh_result_exemplar *exemplar = list_add(result, LIST(result, exemplars, exemplar));

	if (exemplar)
		exemplar->switched = MH_NOT_AVAILABLE;
	return exemplar;
}

struct mh_result_firing *mh_result_add_firing(struct mh_result *result, struct mh_result_exemplar *exemplar)
{
	return list_add(result, LIST(exemplar, firings, firing));
}

struct mh_result_longest *mh_result_add_longest(struct mh_result *result, struct mh_result_exemplar *exemplar)
{
	return list_add(result, LIST(exemplar, longest, longest));
}

struct mh_result_step *mh_result_add_step(struct mh_result *result, struct mh_result_exemplar *exemplar)
{
	return list_add(result, LIST(exemplar, steps, step));
}

int mh_result_add_parameter(struct mh_result *result, const char *name, const char *value)
{
	struct mh_result_parameter *parameter = list_add(result, LIST(result, parameters, parameter));

	if (!parameter)
		return -ENOMEM;
	parameter->name = mh_result_text(result, name);
	parameter->value = mh_result_text(result, value);
	return result->failed ? -ENOMEM : 0;
}

int mh_result_add_counter(struct mh_result *result, const char *name, uint64_t value)
{
	struct mh_result_counter *counter = list_add(result, LIST(result, counters, counter));

	if (!counter)
		return -ENOMEM;
	counter->name = mh_result_text(result, name);
	counter->value = value;
	return result->failed ? -ENOMEM : 0;
}

int mh_result_add_count(struct mh_result *result, const char *name, uint64_t value, const char *inexact)
{
	struct mh_result_count *count = list_add(result, LIST(result, counts, count));

	if (!count)
		return -ENOMEM;
	count->name = mh_result_text(result, name);
	count->value = value;
	count->inexact = mh_result_text(result, inexact);
	return result->failed ? -ENOMEM : 0;
}

int mh_result_add_status_reason(struct mh_result *result, const char *format, ...)
{
	const char **reason = list_add(result, LIST(result, status_reasons, status_reason));
	va_list arguments;

	if (!reason)
		return -ENOMEM;
	va_start(arguments, format);
	*reason = format_text(result, format, arguments);
	va_end(arguments);
	return result->failed ? -ENOMEM : 0;
}

int mh_result_add_warning(struct mh_result *result, const char *format, ...)
{
	const char **warning = list_add(result, LIST(result, warnings, warning));
	va_list arguments;

	if (!warning)
		return -ENOMEM;
	va_start(arguments, format);
	*warning = format_text(result, format, arguments);
	va_end(arguments);
	return result->failed ? -ENOMEM : 0;
}

int mh_result_add_series(struct mh_result *result, const char *tag, const struct mh_histogram *histogram)
{
	struct mh_histogram_layout layout = mh_histogram_layout(histogram);
	struct mh_histogram copy;

	if (!mh_tag_is_valid(tag))
		return -EINVAL;
	if (mh_result_find_series(result, tag))
		return -EEXIST;
	int ret = mh_histogram_init(&copy, &layout);

	if (ret < 0) {
		result->failed |= ret == -ENOMEM;
		return ret;
	}
	(void)mh_histogram_merge(&copy, histogram); /* equal layouts, and nothing in it yet */
	struct mh_result_series *series = list_add(result, LIST(result, series, series));

	if (!series) {
		mh_histogram_release(&copy);
		return -ENOMEM;
	}
	series->histogram = copy;
	series->tag = mh_result_text(result, tag);
	return result->failed ? -ENOMEM : 0;
}

const struct mh_result_series *mh_result_find_series(const struct mh_result *result, const char *tag)
{
	for (size_t i = 0; i < result->series_count; i++)
		if (strcmp(result->series[i].tag, tag) == 0)
			return &result->series[i];
	return NULL;
}

const struct mh_result_phase *mh_result_find_phase(const struct mh_result *result, const char *name)
{
	for (size_t i = 0; i < result->phase_count; i++)
		if (strcmp(result->phases[i].name, name) == 0)
			return &result->phases[i];
	return NULL;
}

const struct mh_result_fault *mh_result_find_fault(const struct mh_result *result, const char *id)
{
	for (size_t i = 0; i < result->fault_count; i++)
		if (strcmp(result->faults[i].id, id) == 0)
			return &result->faults[i];
	return NULL;
}

/* What is worse wins: an incorrect run stays incorrect, however it ended. */
static unsigned status_rank(enum mh_run_status status)
{
	static const unsigned char ranks[MH_RUN_STATUSES] = {
		[MH_RUN_OK] = 0,
		[MH_RUN_INVALID] = 1,
		[MH_RUN_ABORTED] = 2,
		[MH_RUN_INCORRECT] = 3,
	};

	return ranks[status];
}

enum mh_run_status mh_run_status_worse(enum mh_run_status a, enum mh_run_status b)
{
	return status_rank(a) >= status_rank(b) ? a : b;
}

void mh_result_raise_status(struct mh_result *result, enum mh_run_status status)
{
	result->status = mh_run_status_worse(result->status, status);
}

bool mh_result_phase_is_recorded(const struct mh_result_phase *phase)
{
	return phase->role && (strcmp(phase->role, "measure") == 0 || strcmp(phase->role, "fault") == 0 ||
			       strcmp(phase->role, "recover") == 0);
}

uint64_t mh_result_ops_total(const struct mh_result_ops *ops)
{
	return ops->ok + ops->fail + ops->expected_fail + ops->unexpected;
}
