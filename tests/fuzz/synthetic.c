/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The check of a synthetic topology string; hwloc does not see it. */
#include "core/topology/topology_private.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *spec = fuzz_string(data, size);
	struct mh_text out = MH_TEXT_INIT;
	struct mh_error error;
	bool memory_given;

	if (mh_synthetic_translate(spec, &out, &memory_given, &error) == 0)
		MH_ASSERT(out.length > 0);
	mh_text_release(&out);
	free(spec);
	return 0;
}
