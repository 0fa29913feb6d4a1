/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of a run.json that was accepted, by `show` and by `explain`: it holds no byte that drives a terminal. */
#include "results/show.h"

#include "results/explain.h"
#include "results/run_json.h"
#include "tests/fuzz/fuzz.h"

static void check_text(struct mh_text *text)
{
	MH_ASSERT(!text->failed);
	for (size_t i = 0; i < text->length; i++)
		MH_ASSERT((unsigned char)text->data[i] >= ' ' || text->data[i] == '\n');
	MH_ASSERT(!memchr(text->data, 0x7f, text->length));
	mh_text_release(text);
}

static void tell(const struct mh_result *result, bool ascii)
{
	const struct mh_show_options options = {.width = MH_SHOW_WIDTH_MIN, .ascii = ascii, .verbose = !ascii};
	struct mh_text text = MH_TEXT_INIT;

	mh_show_run(result, &options, &text);
	check_text(&text);
	MH_ASSERT(mh_explain_run(result, &(struct mh_explain_options){.show = options}, &text) == 0);
	check_text(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_result result;
	struct mh_error error;

	if (mh_run_json_read((const char *)data, size, "fuzz", &result, &error) < 0)
		return 0;
	tell(&result, false);
	tell(&result, true);
	mh_result_release(&result);
	return 0;
}
