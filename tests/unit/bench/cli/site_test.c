/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a site's run says of the site, and how its fault is made to fire there alone. */
#include "bench/cli/site.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cli/exit_codes.h"

static struct mh_fault_site judged(uint64_t fired, int code)
{
	struct mh_result_fault fault = {.id = "veto", .fired = fired};
	const struct mh_result result = {.faults = &fault, .fault_count = 1, .repro = (char *)"again"};
	struct mh_fault_site site = {.fault = "veto", .event = "online", .listener = "low"};

	mh_site_judge(&site, &result, code);
	return site;
}

static void expect_state(uint64_t fired, int code, enum mh_site_state state)
{
	struct mh_fault_site site = judged(fired, code);

	cr_expect_eq(site.state, state, "%lu fired, exit %d: %s", (unsigned long)fired, code,
		     mh_site_state_names[site.state]);
	cr_expect_eq(site.why != NULL, state != MH_SITE_HELD);
	free(site.why);
	free(site.repro);
}

Test(site, is_judged_by_the_exit_code_and_by_what_fired)
{
	expect_state(1, MH_EXIT_DONE, MH_SITE_HELD);
	expect_state(0, MH_EXIT_DONE, MH_SITE_MISSED);
	expect_state(0, MH_EXIT_INCONCLUSIVE, MH_SITE_MISSED);
	expect_state(1, MH_EXIT_INCONCLUSIVE, MH_SITE_UNJUDGED);
	expect_state(1, MH_EXIT_INCORRECT, MH_SITE_BROKE);
	expect_state(1, MH_EXIT_ABORTED, MH_SITE_BROKE);
	expect_state(0, MH_EXIT_INTERNAL, MH_SITE_BROKE);
}

Test(site, that_left_no_result_broke)
{
	struct mh_fault_site site = {.fault = "veto"};

	mh_site_judge(&site, NULL, MH_EXIT_INTERNAL);
	cr_expect_eq(site.state, MH_SITE_BROKE);
	cr_expect(strstr(site.why, "left no result"), "%s", site.why);
	free(site.why);
}

Test(site, missed_ones_make_the_sweep_inconclusive_and_broken_ones_incorrect)
{
	struct mh_fault_site items[] = {{.state = MH_SITE_HELD}, {.state = MH_SITE_LEFT_OUT}, {.state = MH_SITE_HELD}};
	struct mh_sites sites = {.items = items, .count = 3};

	cr_expect_eq(mh_sites_code(&sites), MH_EXIT_DONE);
	items[2].state = MH_SITE_MISSED;
	cr_expect_eq(mh_sites_code(&sites), MH_EXIT_INCONCLUSIVE);
	items[0].state = MH_SITE_BROKE;
	cr_expect_eq(mh_sites_code(&sites), MH_EXIT_INCORRECT);
	sites.count = 0;
	cr_expect_eq(mh_sites_code(&sites), MH_EXIT_INCONCLUSIVE);
}

Test(site, is_picked_by_a_glob_that_matches_its_name_alone)
{
	const struct mh_fault_site site = {.fault = "veto", .event = "online", .listener = "a*b?[c"};
	char *options[MH_SITE_OPTIONS];

	cr_assert(mh_site_options(&site, options));
	cr_expect_str_eq(options[0], "faults.veto.where.event=online");
	cr_expect_str_eq(options[2], "faults.veto.where.callback=a[*]b[?][[]c");
	cr_expect_str_eq(options[1], "faults.veto.trigger={nth: 1}");
	cr_expect(mh_glob_match(strchr(options[2], '=') + 1, "a*b?[c"));
	cr_expect_not(mh_glob_match(strchr(options[2], '=') + 1, "axb?[c"));
	for (unsigned i = 0; i < MH_SITE_OPTIONS; i++)
		free(options[i]);
}
