/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict first, then each site that did not hold with its sentence and the line that repeats it, then all as a
 * table.
 */
#include "bench/cli/site_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "results/json_put.h"

static void tell_verdict(const struct mh_site_report *report, const struct mh_sites *sites, struct mh_text *text)
{
	const size_t broke = mh_sites_in(sites, MH_SITE_BROKE), left_out = mh_sites_in(sites, MH_SITE_LEFT_OUT);
	const size_t missed = mh_sites_in(sites, MH_SITE_MISSED);

	mh_text_add(text, "%s: %zu of %zu fault sites hit, %zu broke",
		    broke    ? "BROKEN"
		    : missed ? "MISSED"
			     : "HELD",
		    sites->count - left_out - missed, sites->count, broke);
	if (missed)
		mh_text_add(text, ", %zu could not be hit", missed);
	if (left_out)
		mh_text_add(text, ", %zu left out (%s)", left_out, report->max_option);
	mh_text_add(text, "\n%s, %s, seed 0x%" PRIx64 "\n", report->scenario, report->cell, report->seed);
	if (!sites->count)
		mh_text_add(
			text,
			"No swept fault was asked anywhere: mend its `where`, or let the phases be longer (--ops).\n");
}

/* Each line of a text behind blanks. */
static void tell_indented(struct mh_text *text, const char *lines)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");

		mh_text_add(text, "  %.*s\n", (int)length, lines);
		lines += length + (lines[length] == '\n');
	}
}

static void tell_site(const struct mh_fault_site *site, struct mh_text *text)
{
	mh_text_add(text, "\n%s: %s at %s of %s (run-%03u, exit %d)\n", mh_site_state_names[site->state], site->fault,
		    site->event, site->listener, site->run, site->code);
	if (site->why)
		tell_indented(text, site->why);
	if (site->repro)
		mh_text_add(text, "  repeat: %s\n", site->repro);
}

static void tell_row(const struct mh_fault_site *site, struct mh_text *text)
{
	char run[32] = "-";

	if (site->run)
		(void)snprintf(run, sizeof(run), "run-%03u", site->run);
	mh_text_add(text, "  %-18.18s %-24.24s %-24.24s %8" PRIu64 " %8s  %s\n", site->fault, site->event,
		    site->listener, site->evaluated, run, mh_site_state_names[site->state]);
}

void mh_site_report_text(const struct mh_site_report *report, const struct mh_sites *sites, struct mh_text *text)
{
	tell_verdict(report, sites, text);
	for (size_t i = 0; i < sites->count; i++)
		if (sites->items[i].state > MH_SITE_HELD)
			tell_site(&sites->items[i], text);
	if (!sites->count)
		return;
	mh_text_add(text, "\n  %-18s %-24s %-24s %8s %8s  %s\n", "fault", "event", "listener", "asked", "run", "");
	for (size_t i = 0; i < sites->count; i++)
		tell_row(&sites->items[i], text);
}

static void put_site(struct mh_json_put *put, json_t *object, const struct mh_fault_site *site)
{
	static const char *const words[] = {"left-out", "held", "broke", "unjudged", "missed"};

	mh_json_put_text(put, object, "fault", site->fault);
	mh_json_put_text(put, object, "event", site->event);
	mh_json_put_text(put, object, "listener", site->listener);
	mh_json_put_u64(put, object, "evaluated", site->evaluated);
	mh_json_put_u64(put, object, "fired", site->fired);
	mh_json_put_text(put, object, "state", words[site->state]);
	if (site->run)
		mh_json_put_u64(put, object, "run", site->run);
	else
		mh_json_put_null(put, object, "run");
	mh_json_put_i64(put, object, "exit", site->code);
	mh_json_put_text(put, object, "why", site->why);
	mh_json_put_text(put, object, "repro", site->repro);
}

int mh_site_report_json(const struct mh_site_report *report, const struct mh_sites *sites, struct mh_text *text,
			struct mh_error *reterr)
{
	const size_t left_out = mh_sites_in(sites, MH_SITE_LEFT_OUT), missed = mh_sites_in(sites, MH_SITE_MISSED);
	struct mh_json_put put = {0};
	json_t *root = json_object(), *list;

	mh_json_put_text(&put, root, "schema", "memhp-bench/sweep-faults");
	mh_json_put_u64(&put, root, "schema_version", 1);
	mh_json_put_text(&put, root, "scenario", report->scenario);
	mh_json_put_text(&put, root, "cell", report->cell);
	mh_json_put_u64(&put, root, "seed", report->seed);
	mh_json_put_u64(&put, root, "present", sites->count);
	mh_json_put_u64(&put, root, "hit", sites->count - left_out - missed);
	mh_json_put_u64(&put, root, "broke", mh_sites_in(sites, MH_SITE_BROKE));
	mh_json_put_u64(&put, root, "missed", missed);
	mh_json_put_u64(&put, root, "left_out", left_out);
	list = mh_json_put_list(&put, root, "sites");
	for (size_t i = 0; i < sites->count; i++)
		put_site(&put, mh_json_add_object(&put, list), &sites->items[i]);
	return mh_json_finish(&put, root, text, reterr);
}
