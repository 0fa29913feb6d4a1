/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data that the tests of this layer share. */
#include "sample.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/rng.h"

struct mh_histogram sample_histogram(void)
{
	struct mh_histogram histogram;
	struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = 3};

	MH_ASSERT(mh_histogram_init(&histogram, &layout) == 0);
	return histogram;
}

struct mh_histogram sample_golden(void)
{
	static const uint64_t values[] = {1, 1, 1, 1000, 1500, 1000000, 123456789};
	struct mh_histogram histogram = sample_histogram();

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		mh_histogram_record(&histogram, values[i]);
	return histogram;
}

/* @count draws of a lognormal with a tail: 1 in 500 is 30 times as long. */
static void add_series(struct mh_result *result, const char *tag, double median_ns, size_t count)
{
	struct mh_histogram histogram = sample_histogram();
	struct mh_rng rng;

	mh_rng_init(&rng, 0x5eed, tag, 0);
	for (size_t i = 0; i < count; i++) {
		double normal = sqrt(-2 * log(mh_rng_unit(&rng))) * cos(6.283185307 * mh_rng_unit(&rng));
		double value = median_ns * exp(0.4 * normal) * (mh_rng_below(&rng, 500) == 0 ? 30 : 1);

		mh_histogram_record(&histogram, (uint64_t)value);
	}
	MH_ASSERT(mh_result_add_series(result, tag, &histogram) == 0);
	mh_histogram_release(&histogram);
}

static void add_zeros(struct mh_result *result, const char *tag, uint64_t count)
{
	struct mh_histogram histogram = sample_histogram();

	MH_ASSERT(mh_histogram_record_many(&histogram, 0, count) == 0);
	MH_ASSERT(mh_result_add_series(result, tag, &histogram) == 0);
	mh_histogram_release(&histogram);
}

static void add_copy(struct mh_result *result, const char *tag, const char *of)
{
	struct mh_histogram histogram = mh_result_find_series(result, of)->histogram;

	MH_ASSERT(mh_result_add_series(result, tag, &histogram) == 0);
}

static void add_workload(struct mh_result *result, struct mh_result_phase *phase, const char *name, const char *kind,
			 uint64_t ok)
{
	struct mh_result_workload *workload = mh_result_add_workload(result, phase);

	workload->name = name;
	workload->kind = kind;
	workload->threads = 1;
	workload->ops = (struct mh_result_ops){.ok = ok, .expected_fail = ok / 50};
	workload->achieved_rate =
		(double)mh_result_ops_total(&workload->ops) / ((double)(phase->t1_ns - phase->t0_ns) / 1e9);
}

static void add_phases(struct mh_result *result)
{
	struct mh_result_phase *phase = mh_result_add_phase(result);

	phase->name = "steady";
	phase->role = "measure";
	phase->t0_ns = 500000000;
	phase->t1_ns = 5500000000;
	add_workload(result, phase, "toggle", "hotplug-cycle", 20000);
	add_workload(result, phase, "alloc", "alloc-churn", 400000);
	phase = mh_result_add_phase(result);
	phase->name = "heal";
	phase->role = "recover";
	phase->t0_ns = 5500000000;
	phase->t1_ns = 6100000000;
	phase->recovery_ns = 12500000;
	add_workload(result, phase, "toggle", "hotplug-cycle", 500);
	phase->workloads[0].target_rate = 2000;
	phase->workloads[0].dropped = 3;
	phase->workloads[0].already = 12;
	MH_ASSERT(mh_result_add_cpu(result, &phase->workloads[0], 3) == 0);
	MH_ASSERT(mh_result_add_cpu(result, &phase->workloads[0], MH_NOT_AVAILABLE) == 0);
	phase->workloads[0].lag_p99_ns = 45000;
	phase->workloads[0].threads_ns = 598000000;
	phase->workloads[0].hw_asked = true;
	phase->workloads[0].hw[MH_HW_INSTRUCTIONS] = 408000;
	phase->workloads[0].hw[MH_HW_CYCLES] = 102000;
	phase->workloads[0].hw[MH_HW_CACHE_MISSES] = MH_NOT_AVAILABLE;
	phase->workloads[0].hw[MH_HW_BRANCH_MISSES] = 51;
}

static void add_all_series(struct mh_result *result)
{
	add_series(result, "steady/service", 420, 20400);
	add_zeros(result, "steady/wait", 20400);
	add_copy(result, "steady/response", "steady/service");
	add_series(result, "steady/online", 380, 10200);
	add_series(result, "steady/offline", 460, 10200);
	add_series(result, "steady/walk", 90, 40000);
	add_series(result, "steady/cb.generic.0", 12, 40000);
	add_series(result, "steady/lock", 15, 300);
	add_series(result, "steady/alloc.service", 60, 300000);
	add_series(result, "heal/service", 2400, 510);
	add_series(result, "heal/response", 2600, 15);
}

static void add_verdicts(struct mh_result *result)
{
	struct mh_result_fault *fault = mh_result_add_fault(result);

	*fault = (struct mh_result_fault){
		.id = "enomem", .kind = "notifier-errno", .armed = 1, .evaluated = 40800, .fired = 408};
	fault = mh_result_add_fault(result);
	*fault = (struct mh_result_fault){.id = "slow", .kind = "notifier-delay", .armed = 1, .evaluated = 1200};
	result->verify.level = "fast";
	result->verify.checked = 1234567;
	struct mh_result_expected *expected = mh_result_add_expected(result);

	*expected = (struct mh_result_expected){.invariant = "I14", .fault = "corrupt", .count = 12};
	struct mh_result_slo *slo = mh_result_add_slo(result);

	*slo = (struct mh_result_slo){.expr = "steady/response.p99 < 500us",
				      .has_value = true,
				      .value = 1170,
				      .limit = 500000,
				      .unit = "ns",
				      .ok = true,
				      .require = true};
}

static void add_exemplar(struct mh_result *result)
{
	struct mh_result_exemplar *exemplar = mh_result_add_exemplar(result);

	exemplar->phase = "steady";
	exemplar->workload = "toggle";
	exemplar->operation = "offline";
	exemplar->seq = 41877;
	exemplar->block = UINT64_MAX;
	exemplar->intended_ns = 5000000;
	exemplar->start_ns = 5001000;
	exemplar->wait_ns = 1000;
	exemplar->service_ns = 99000;
	exemplar->response_ns = 100000;
	exemplar->result = -12;
	exemplar->outcome = "vetoed";
	exemplar->class = "faulted";
	exemplar->switched = 1;
	exemplar->steps_cut = 2;
	exemplar->fired = 3;
	*mh_result_add_firing(result, exemplar) = (struct mh_result_firing){
		.fault = "enomem", .event = "going_offline", .listener = "slab", .value = 0x800d, .delay_ns = 70};
	*mh_result_add_longest(result, exemplar) = (struct mh_result_longest){.series = "cb.slab", .value_ns = 90000};
	*mh_result_add_step(result, exemplar) =
		(struct mh_result_step){.kind = MH_STEP_LOCK, .name = "lock", .begin_ns = 0, .end_ns = 10};
	*mh_result_add_step(result, exemplar) = (struct mh_result_step){
		.kind = MH_STEP_LISTENER, .name = "going_offline/slab", .begin_ns = 10, .end_ns = 90010};
	*mh_result_add_step(result, exemplar) =
		(struct mh_result_step){.kind = MH_STEP_WALK, .name = "going_offline", .begin_ns = 10, .end_ns = 98000};
}

void sample_result(struct mh_result *ret_result)
{
	struct mh_result *result = ret_result;

	mh_result_init(result);
	MH_ASSERT(mh_run_id(UINT64_C(1767225600000000000), result->run_id) == 0);
	result->suite = "first-run";
	result->cell = "main";
	result->seed = 0x5eed;
	result->pair = (struct mh_result_pair){true, 3, "BA", 'B', "B: module drv = head.so"};
	result->start_unix_ns = UINT64_C(1767225600123456789);
	result->duration_ns = 6100000000;
	result->binary = (struct mh_result_binary){
		.version = "0.1.0", .compiler = "gcc 12.2.0", .sanitizer = "none", .hooks = true};
	mh_environment_read(&result->environment);
	result->environment.probes_before = (struct mh_probes){0.25, 2.5, 9.75};
	result->environment.probes_after = (struct mh_probes){0.5, 3, 12};
	result->overheads = (struct mh_result_overheads){.clock = "tsc",
							 .clock_ns = 19.2,
							 .recorder_ns = 1.4,
							 .clock_resolution_ns = 10,
							 .stamps = "event",
							 .sample = 8,
							 .stamps_ns = 95.5};
	add_phases(result);
	add_all_series(result);
	add_verdicts(result);
	add_exemplar(result);
	MH_ASSERT(mh_result_add_parameter(result, "nodes", "2") == 0);
	MH_ASSERT(mh_result_add_counter(result, "grace_periods", UINT64_C(1) << 60) == 0);
	MH_ASSERT(mh_result_add_count(result, "steady/calls/slab/online", 10200, NULL) == 0);
	MH_ASSERT(mh_result_add_count(result, "steady/pages_migrated", UINT64_MAX / 2, "'churn' allocates beside it") ==
		  0);
	MH_ASSERT(mh_result_add_warning(result, "4 threads on 2 CPUs: times are marked") == 0);
	result->repro = "memhp-bench run first-run.yaml --seed 0x5eed";
	MH_ASSERT(!result->failed);
}

char *sample_folder(void)
{
	char *path = strdup("/tmp/memhp-results-XXXXXX");

	MH_ASSERT(path && mkdtemp(path));
	return path;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

void sample_folder_remove(char *path)
{
	(void)nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(path);
}
