/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Both sides as one list, the base first. */
#include "results/comparable.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static size_t run_count(const struct mh_comparison *comparison)
{
	return comparison->base_count + comparison->candidate_count;
}

static struct mh_result *run_at(const struct mh_comparison *comparison, size_t index)
{
	return index < comparison->base_count ? &comparison->base[index]
					      : &comparison->candidate[index - comparison->base_count];
}

static const char *text_of(const char *text)
{
	return text ? text : "";
}

static bool is_twin(const struct mh_result *a, const struct mh_result *b)
{
	return a->pair.present && b->pair.present && a->pair.index == b->pair.index && a->pair.side == 'A' &&
	       b->pair.side == 'B' && strcmp(text_of(a->cell), text_of(b->cell)) == 0 &&
	       strcmp(text_of(a->pair.treatment), text_of(b->pair.treatment)) == 0;
}

static size_t count_twins(const struct mh_result *run, const struct mh_result *others, size_t count, bool is_base)
{
	size_t twins = 0;

	for (size_t i = 0; i < count; i++)
		twins += is_base ? is_twin(run, &others[i]) : is_twin(&others[i], run);
	return twins;
}

bool mh_comparison_is_paired(const struct mh_comparison *comparison)
{
	if (!comparison->base_count || comparison->base_count != comparison->candidate_count)
		return false;
	for (size_t i = 0; i < comparison->base_count; i++)
		if (count_twins(&comparison->base[i], comparison->candidate, comparison->candidate_count, true) != 1 ||
		    count_twins(&comparison->candidate[i], comparison->base, comparison->base_count, false) != 1)
			return false;
	return true;
}

bool mh_comparison_seeds_differ(const struct mh_comparison *comparison)
{
	for (size_t i = 1; i < run_count(comparison); i++)
		if (run_at(comparison, i)->seed != run_at(comparison, 0)->seed)
			return true;
	return false;
}

static int check_scale(const struct mh_comparison *comparison, struct mh_error *reterr)
{
	for (size_t i = 0; i < run_count(comparison); i++) {
		const struct mh_result *run = run_at(comparison, i);

		if (run->time_scale < 1 || run->time_scale > 1)
			return mh_error_set(
				reterr, -EXDEV,
				"a run of the %s was scaled by --time-scale %g: such a run is a rehearsal, and "
				"compared with nothing",
				i < comparison->base_count ? "base" : "candidate", run->time_scale);
	}
	return 0;
}

/* A time of the simulated machine and a kernel's are not of one kind; an emulator's is of neither. */
static int check_mode(const struct mh_comparison *comparison, struct mh_error *reterr)
{
	const struct mh_result *first = run_at(comparison, 0);

	for (size_t i = 0; i < run_count(comparison); i++) {
		const struct mh_result *run = run_at(comparison, i);

		if (strcmp(text_of(run->mode), text_of(first->mode)) != 0)
			return mh_error_set(
				reterr, -EXDEV,
				"one run is of mode '%s' and another of mode '%s': times of a kernel and of the "
				"simulated machine are compared with nothing but their own kind",
				text_of(first->mode), text_of(run->mode));
		if (run->emulated)
			return mh_error_set(reterr, -EXDEV,
					    "a run of the %s was made on an emulated processor: its order, errnos and "
					    "counts hold, its times are the emulator's, and compared with nothing",
					    i < comparison->base_count ? "base" : "candidate");
	}
	return 0;
}

struct fact {
	const char *name;
	const char *a, *b;
};

static int tell_text(const char *name, const char *a, const char *b, struct mh_error *reterr)
{
	return mh_error_set(
		reterr, -EXDEV,
		"recorded in different environments: %s is '%s' in one run and '%s' in another; what a host "
		"differs in would be found as a difference of the sides",
		name, a, b);
}

static int tell_number(const char *name, int64_t a, int64_t b, struct mh_error *reterr)
{
	char first[32], second[32];

	snprintf(first, sizeof(first), "%" PRId64, a);
	snprintf(second, sizeof(second), "%" PRId64, b);
	return tell_text(name, first, second, reterr);
}

/* The facts that the fingerprint is made of. */
static int compare_environments(const struct mh_environment *a, const struct mh_environment *b, struct mh_error *reterr)
{
	const struct fact facts[] = {
		{"kernel", a->kernel, b->kernel},
		{"cpu_model", a->cpu_model, b->cpu_model},
		{"smt", a->smt, b->smt},
		{"governor", a->governor, b->governor},
		{"turbo", a->turbo, b->turbo},
		{"container", a->container, b->container},
		{"cgroup_cpu_max", a->cgroup_cpu_max, b->cgroup_cpu_max},
		{"clocksource", a->clocksource, b->clocksource},
		{"hugepages", a->hugepages, b->hugepages},
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (strcmp(facts[i].a, facts[i].b) != 0)
			return tell_text(facts[i].name, facts[i].a, facts[i].b, reterr);
	if (a->nproc != b->nproc)
		return tell_number("nproc", a->nproc, b->nproc, reterr);
	if (a->aslr != b->aslr)
		return tell_number("aslr", a->aslr, b->aslr, reterr);
	if (a->numa_nodes != b->numa_nodes)
		return tell_number("numa_nodes", a->numa_nodes, b->numa_nodes, reterr);
	return a->memory_bytes == b->memory_bytes
		       ? 0
		       : tell_number("memory_bytes", a->memory_bytes, b->memory_bytes, reterr);
}

static int check_environment(const struct mh_comparison *comparison, struct mh_error *reterr)
{
	int ret = 0;

	for (size_t i = 1; ret == 0 && i < run_count(comparison); i++)
		ret = compare_environments(&run_at(comparison, 0)->environment, &run_at(comparison, i)->environment,
					   reterr);
	return ret;
}

static bool is_alike(const struct mh_histogram *a, const struct mh_histogram *b)
{
	return a->digits == b->digits && a->lowest == b->lowest && a->highest == b->highest;
}

static int compare_series(const struct mh_result *a, const struct mh_result *b, size_t *common, struct mh_error *reterr)
{
	for (size_t i = 0; i < a->series_count; i++) {
		const struct mh_result_series *other = mh_result_find_series(b, a->series[i].tag);

		if (!other)
			continue;
		(*common)++;
		if (!is_alike(&a->series[i].histogram, &other->histogram))
			return mh_error_set(reterr, -EXDEV,
					    "series '%s' was recorded with another precision: %u digits up to %" PRIu64
					    " ns, and %u digits up to %" PRIu64 " ns",
					    a->series[i].tag, (unsigned)a->series[i].histogram.digits,
					    a->series[i].histogram.highest, (unsigned)other->histogram.digits,
					    other->histogram.highest);
	}
	return 0;
}

static bool is_same_cell(const struct mh_result *a, const struct mh_result *b)
{
	return strcmp(text_of(a->cell), text_of(b->cell)) == 0;
}

static int check_common(const struct mh_comparison *comparison, struct mh_error *reterr)
{
	size_t cells = 0, common = 0;

	for (size_t i = 0; i < comparison->base_count; i++)
		for (size_t j = 0; j < comparison->candidate_count; j++) {
			int ret;

			if (!is_same_cell(&comparison->base[i], &comparison->candidate[j]))
				continue;
			cells++;
			ret = compare_series(&comparison->base[i], &comparison->candidate[j], &common, reterr);
			if (ret < 0)
				return ret;
		}
	if (!cells)
		return mh_error_set(reterr, -EXDEV, "the results have no cell in common");
	if (!common)
		return mh_error_set(reterr, -EXDEV,
				    "the results have no metric in common: no series of the one is in "
				    "the other");
	return 0;
}

int mh_comparison_check(const struct mh_comparison *comparison, struct mh_error *reterr)
{
	int ret = check_scale(comparison, reterr);

	if (ret == 0)
		ret = check_mode(comparison, reterr);
	if (ret == 0)
		ret = check_environment(comparison, reterr);
	return ret == 0 ? check_common(comparison, reterr) : ret;
}

static bool have_all(const struct mh_comparison *comparison, const struct mh_result *run, const char *tag)
{
	for (size_t i = 0; i < run_count(comparison); i++)
		if (is_same_cell(run, run_at(comparison, i)) && !mh_result_find_series(run_at(comparison, i), tag))
			return false;
	return true;
}

/* In every run of the cell; the text of @tag may be one of them. */
static void take_out(const struct mh_comparison *comparison, const struct mh_result *of, const char *tag)
{
	for (size_t i = 0; i < run_count(comparison); i++) {
		struct mh_result *run = run_at(comparison, i);

		for (size_t s = 0; is_same_cell(of, run) && s < run->series_count; s++) {
			if (strcmp(run->series[s].tag, tag) != 0)
				continue;
			mh_histogram_release(&run->series[s].histogram);
			run->series_count--;
			memmove(&run->series[s], &run->series[s + 1], (run->series_count - s) * sizeof(run->series[0]));
			break;
		}
	}
}

void mh_comparison_drop_counts(struct mh_comparison *comparison)
{
	for (size_t i = 0; i < run_count(comparison); i++)
		run_at(comparison, i)->count_count = 0;
}

size_t mh_comparison_keep_common(struct mh_comparison *comparison)
{
	size_t taken = 0;

	mh_comparison_drop_counts(comparison);
	for (size_t i = 0; i < run_count(comparison); i++) {
		const struct mh_result *run = run_at(comparison, i);

		for (size_t s = 0; s < run->series_count;) {
			const char *tag = run->series[s].tag; /* belongs to the run, not to the list */

			if (have_all(comparison, run, tag)) {
				s++;
				continue;
			}
			take_out(comparison, run, tag);
			taken++;
		}
	}
	return taken;
}
