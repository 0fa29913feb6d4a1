/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calibration.json: what is read can be written, and what was written reads as the same. */
#include "results/calibration.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_text first = MH_TEXT_INIT, second = MH_TEXT_INIT;
	struct mh_calibration calibration, again;
	struct mh_error error;

	if (mh_calibration_read((const char *)data, size, "fuzz", &calibration, &error) < 0)
		return 0;
	MH_ASSERT(mh_calibration_write(&calibration, &first, &error) == 0);
	MH_ASSERT(mh_calibration_read(first.data, first.length, "written", &again, &error) == 0);
	MH_ASSERT(mh_calibration_write(&again, &second, &error) == 0);
	MH_ASSERT(strcmp(first.data, second.data) == 0);
	mh_text_release(&second);
	mh_text_release(&first);
	mh_calibration_release(&again);
	mh_calibration_release(&calibration);
	return 0;
}
