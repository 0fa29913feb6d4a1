/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.json: what is read can be written, and what was written reads as the same. */
#include "results/run_json.h"

#include "tests/fuzz/fuzz.h"

static void write_and_read(const struct mh_result *result, struct mh_text *text, struct mh_result *ret_again)
{
	struct mh_error error;
	int ret = mh_run_json_write(result, text, &error);

	MH_ASSERT(ret == 0);
	ret = mh_run_json_read(text->data, text->length, "written", ret_again, &error);
	MH_ASSERT(ret == 0);
}

static void round_trip(const struct mh_result *result)
{
	struct mh_text first = MH_TEXT_INIT, second = MH_TEXT_INIT;
	struct mh_result again, last;

	write_and_read(result, &first, &again);
	write_and_read(&again, &second, &last);
	MH_ASSERT(strcmp(first.data, second.data) == 0);
	mh_result_release(&last);
	mh_result_release(&again);
	mh_text_release(&second);
	mh_text_release(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_result result;
	struct mh_error error;

	if (mh_run_json_read((const char *)data, size, "fuzz", &result, &error) < 0)
		return 0;
	round_trip(&result);
	mh_result_release(&result);
	return 0;
}
