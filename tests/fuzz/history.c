/* SPDX-License-Identifier: GPL-2.0-or-later */
/* history.ndjson: any bytes are refused with a sentence or checked, against the run that the seeds are of. */
#include "bench/engine/history_check.h"

#include "tests/fuzz/fuzz.h"

/* As of tests/cli/tiny.yaml, which the seeds are made of; aborted, so that a last line may be cut. */
static void describe(struct mh_result *result, bool aborted)
{
	struct mh_result_phase *phase;
	struct mh_result_workload *workload;

	mh_result_init(result);
	result->status = aborted ? MH_RUN_ABORTED : MH_RUN_OK;
	phase = mh_result_add_phase(result);
	MH_ASSERT(phase);
	phase->name = "steady";
	phase->role = "measure";
	workload = mh_result_add_workload(result, phase);
	MH_ASSERT(workload);
	workload->name = "toggle";
	workload->kind = "hotplug-cycle";
	workload->ops.ok = 1000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_history_report report;
	struct mh_result result;
	struct mh_error error;
	FILE *file;

	if (!size)
		return 0;
	file = fmemopen((void *)(uintptr_t)data, size, "re");
	MH_ASSERT(file);
	describe(&result, data[size - 1] & 1);
	if (mh_history_check(file, "fuzz", &result, &report, &error) == 0)
		mh_history_report_release(&report);
	mh_result_release(&result);
	fclose(file);
	return 0;
}
