/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * costs.json: what is read can be written, and what was written reads as the same; a verdict is found on whatever could
 * be read.
 */
#include "results/costs_model.h"

#include "tests/fuzz/fuzz.h"

#define SERIES_MAX 16 /* each is drawn from 50,000 times */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_text first = MH_TEXT_INIT, second = MH_TEXT_INIT;
	struct mh_costs costs, again;
	struct mh_costs_verdict verdict;
	struct mh_error error;

	if (mh_costs_read((const char *)data, size, "fuzz", &costs, &error) < 0)
		return 0;
	MH_ASSERT(mh_costs_write(&costs, &first, &error) == 0);
	MH_ASSERT(mh_costs_read(first.data, first.length, "written", &again, &error) == 0);
	MH_ASSERT(mh_costs_write(&again, &second, &error) == 0);
	MH_ASSERT(strcmp(first.data, second.data) == 0);
	if (costs.series_count <= SERIES_MAX) {
		MH_ASSERT(mh_costs_validate(&costs, &verdict, &error) == 0);
		mh_costs_verdict_show(&costs, &verdict, &first);
	}
	mh_costs_parts_show(&costs, &first);
	mh_text_release(&second);
	mh_text_release(&first);
	mh_costs_release(&again);
	mh_costs_release(&costs);
	return 0;
}
