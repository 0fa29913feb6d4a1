/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections of a resolved scenario, found and compared as text. */
#include "bench/cli/resolved_section.h"

#include <criterion/criterion.h>
#include <string.h>

static const char first[] = "name: a\nmachine:\n  block_size: 1GiB\nphases:\n  - name: steady\n    ops: 10\nslo: []\n";
static const char second[] =
	"name: b\nmachine:\n  block_size: 2GiB\nphases:\n  - name: steady\n    ops: 10\ncosts: x\n";

Test(resolved_section, ends_where_the_next_begins)
{
	size_t length = 0;
	const char *section = mh_resolved_section(first, "phases", &length);

	cr_assert(section);
	cr_expect(strncmp(section, "phases:\n  - name: steady\n    ops: 10\n", length) == 0 && length == 37, "%zu",
		  length);
	cr_expect_null(mh_resolved_section(first, "ops", &length));
	cr_expect_null(mh_resolved_section(first, "phase", &length));
}

Test(resolved_section, compares_texts_and_absence)
{
	cr_expect(mh_resolved_equal(first, second, "phases"));
	cr_expect_not(mh_resolved_equal(first, second, "machine"));
	cr_expect_not(mh_resolved_equal(first, second, "slo"));
	cr_expect(mh_resolved_equal(first, second, "gate"));
}

Test(resolved_section, names_what_differs_in_what_is_run)
{
	struct mh_text keys = MH_TEXT_INIT;

	mh_resolved_differences(first, second, &keys);
	cr_expect_str_eq(keys.data, "machine, costs");
	mh_text_release(&keys);
}
