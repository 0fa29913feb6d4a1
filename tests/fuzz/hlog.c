/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interval log, all lines up to the first that is wrong. The file is the input itself: none is written. */
#include "results/hlog.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_hlog_reader reader = {.data = fuzz_string(data, size), .size = size};
	struct mh_error error;

	while (mh_hlog_read_next(&reader, &error) > 0) {
		MH_ASSERT(reader.at <= reader.size);
		MH_ASSERT(!*reader.line.tag || mh_tag_is_valid(reader.line.tag));
	}
	mh_hlog_read_close(&reader);
	return 0;
}
