/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a census to sites, and from a site's run to what it says.
 */
#include "bench/cli/site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cli/exit_codes.h"

const char *const mh_site_state_names[] = {
	[MH_SITE_LEFT_OUT] = "left out", [MH_SITE_HELD] = "held",     [MH_SITE_BROKE] = "BROKE",
	[MH_SITE_UNJUDGED] = "unjudged", [MH_SITE_MISSED] = "missed",
};

static bool is_swept(const char *fault, char *const *swept, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(fault, swept[i]) == 0)
			return true;
	return false;
}

static size_t count_sites(const struct mh_result *census)
{
	size_t count = 0;

	for (size_t i = 0; i < census->fault_count; i++)
		count += census->faults[i].site_count;
	return count;
}

int mh_sites_make(struct mh_result *census, char *const *swept, size_t swept_count, struct mh_sites *ret_sites)
{
	struct mh_sites sites = {.items = calloc(count_sites(census) + 1, sizeof(sites.items[0]))};

	if (!sites.items)
		return -ENOMEM;
	sites.census = *census;
	*census = (struct mh_result){.status = MH_RUN_OK};
	for (size_t i = 0; i < sites.census.fault_count; i++) {
		const struct mh_result_fault *fault = &sites.census.faults[i];

		for (size_t n = 0; is_swept(fault->id, swept, swept_count) && n < fault->site_count; n++)
			sites.items[sites.count++] = (struct mh_fault_site){
				.fault = fault->id,
				.event = fault->sites[n].event,
				.listener = fault->sites[n].listener,
				.evaluated = fault->sites[n].evaluated,
			};
	}
	*ret_sites = sites;
	return 0;
}

void mh_sites_release(struct mh_sites *sites)
{
	for (size_t i = 0; i < sites->count; i++) {
		free(sites->items[i].why);
		free(sites->items[i].repro);
	}
	free(sites->items);
	mh_result_release(&sites->census);
	*sites = (struct mh_sites){.items = NULL};
}

/* A name as a glob that matches it alone. */
static void add_glob(struct mh_text *text, const char *name)
{
	for (; *name; name++)
		mh_text_add(text, strchr("*?[{", *name) ? "[%c]" : "%c", *name);
}

bool mh_site_options(const struct mh_fault_site *site, char *ret_options[MH_SITE_OPTIONS])
{
	struct mh_text glob = MH_TEXT_INIT;
	bool made;

	add_glob(&glob, site->listener);
	made = !glob.failed && asprintf(&ret_options[0], "faults.%s.where.event=%s", site->fault, site->event) >= 0 &&
	       asprintf(&ret_options[1], "faults.%s.trigger={nth: 1}", site->fault) >= 0;
	/* A point that knows no listener does not let one be asked for. */
	ret_options[2] = NULL;
	if (made && site->listener[0])
		made = asprintf(&ret_options[2], "faults.%s.where.callback=%s", site->fault, glob.data) >= 0;
	mh_text_release(&glob);
	return made;
}

static uint64_t fired_in(const struct mh_result *result, const char *fault)
{
	const struct mh_result_fault *found = result ? mh_result_find_fault(result, fault) : NULL;

	return found ? found->fired : 0;
}

/* The first violation, or the first reason. */
static char *sentence_of(const struct mh_result *result, int code)
{
	char *why = NULL;

	if (result && result->verify.violation_kept) {
		const struct mh_result_violation *violation = &result->verify.violations[0];

		if (asprintf(&why, "%s: %s", violation->invariant, violation->detail) < 0)
			return NULL;
		return why;
	}
	if (result && result->status_reason_count)
		return strdup(result->status_reasons[0]);
	if (asprintf(&why, result ? "its thresholds were breached (exit %d)" : "its run left no result (exit %d)",
		     code) < 0)
		return NULL;
	return why;
}

static enum mh_site_state state_of(const struct mh_fault_site *site)
{
	if (site->code != MH_EXIT_DONE && site->code != MH_EXIT_INCONCLUSIVE)
		return MH_SITE_BROKE;
	if (!site->fired)
		return MH_SITE_MISSED;
	return site->code == MH_EXIT_DONE ? MH_SITE_HELD : MH_SITE_UNJUDGED;
}

void mh_site_judge(struct mh_fault_site *site, const struct mh_result *result, int code)
{
	site->code = code;
	site->fired = fired_in(result, site->fault);
	site->state = state_of(site);
	site->repro = result && result->repro ? strdup(result->repro) : NULL;
	if (site->state == MH_SITE_MISSED && code == MH_EXIT_DONE)
		site->why = strdup("the fault did not fire there, though it had been asked in the dry run");
	else if (site->state != MH_SITE_HELD)
		site->why = sentence_of(result, code);
}

size_t mh_sites_in(const struct mh_sites *sites, enum mh_site_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < sites->count; i++)
		count += sites->items[i].state == state;
	return count;
}

int mh_sites_code(const struct mh_sites *sites)
{
	if (mh_sites_in(sites, MH_SITE_BROKE))
		return MH_EXIT_INCORRECT;
	if (!sites->count || mh_sites_in(sites, MH_SITE_MISSED) || mh_sites_in(sites, MH_SITE_UNJUDGED))
		return MH_EXIT_INCONCLUSIVE;
	return MH_EXIT_DONE;
}
