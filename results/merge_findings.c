/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults and the outcome of the checks of two runs as one. */
#include <errno.h>
#include <string.h>

#include "results/merge_private.h"
#include "results/run_json.h"

/* The fault, or the site, or the expected violation that @to is to have, new where it has none; NULL: no memory. */
static struct mh_result_fault *fault_like(struct mh_result *to, const struct mh_result_fault *from)
{
	for (size_t i = 0; i < to->fault_count; i++)
		if (strcmp(to->faults[i].id, from->id) == 0)
			return &to->faults[i];
	struct mh_result_fault *fault = mh_result_add_fault(to);

	if (fault) {
		fault->id = mh_result_text(to, from->id);
		fault->kind = mh_result_text(to, from->kind);
	}
	return fault;
}

static struct mh_result_site *site_like(struct mh_result *to, struct mh_result_fault *fault,
					const struct mh_result_site *from)
{
	for (size_t i = 0; i < fault->site_count; i++)
		if (strcmp(fault->sites[i].event, from->event) == 0 &&
		    strcmp(fault->sites[i].listener, from->listener) == 0)
			return &fault->sites[i];
	struct mh_result_site *site = mh_result_add_site(to, fault);

	if (site) {
		site->event = mh_result_text(to, from->event);
		site->listener = mh_result_text(to, from->listener);
	}
	return site;
}

static struct mh_result_expected *expected_like(struct mh_result *to, const struct mh_result_expected *from)
{
	struct mh_result_verify *verify = &to->verify;

	for (size_t i = 0; i < verify->expected_count; i++)
		if (strcmp(verify->expected[i].invariant, from->invariant) == 0 &&
		    strcmp(verify->expected[i].fault, from->fault) == 0)
			return &verify->expected[i];
	struct mh_result_expected *expected = mh_result_add_expected(to);

	if (expected) {
		expected->invariant = mh_result_text(to, from->invariant);
		expected->fault = mh_result_text(to, from->fault);
	}
	return expected;
}

static int merge_fault(struct mh_result *to, const struct mh_result_fault *from, struct mh_error *reterr)
{
	struct mh_result_fault *fault = fault_like(to, from);
	int ret = fault ? mh_merge_add(&fault->armed, from->armed, from->id, reterr) : -ENOMEM;

	if (ret == 0)
		ret = mh_merge_add(&fault->evaluated, from->evaluated, from->id, reterr);
	if (ret == 0)
		ret = mh_merge_add(&fault->fired, from->fired, from->id, reterr);
	for (size_t i = 0; ret == 0 && i < from->site_count; i++) {
		struct mh_result_site *site = site_like(to, fault, &from->sites[i]);

		ret = site ? mh_merge_add(&site->evaluated, from->sites[i].evaluated, from->id, reterr) : -ENOMEM;
	}
	return ret;
}

/* The number of violations is exact also where the list is full. */
static int merge_violations(struct mh_result *to, const struct mh_result_verify *from, struct mh_error *reterr)
{
	int ret = mh_merge_add(&to->verify.violation_count, from->violation_count, "violation_count", reterr);

	for (size_t i = 0; ret == 0 && i < from->violation_kept; i++) {
		if (to->verify.violation_kept == MH_RUN_JSON_LIST_MAX)
			break;
		struct mh_result_violation *violation = mh_result_add_violation(to);

		if (!violation)
			return -ENOMEM;
		violation->invariant = mh_result_text(to, from->violations[i].invariant);
		violation->seq = from->violations[i].seq;
		violation->detail = mh_result_text(to, from->violations[i].detail);
	}
	return ret;
}

int mh_merge_findings(struct mh_result *to, const struct mh_result *from, struct mh_error *reterr)
{
	int ret = mh_merge_add(&to->verify.checked, from->verify.checked, "checked", reterr);

	for (size_t i = 0; ret == 0 && i < from->fault_count; i++)
		ret = merge_fault(to, &from->faults[i], reterr);
	for (size_t i = 0; ret == 0 && i < from->verify.expected_count; i++) {
		struct mh_result_expected *expected = expected_like(to, &from->verify.expected[i]);

		ret = expected ? mh_merge_add(&expected->count, from->verify.expected[i].count, expected->invariant,
					      reterr)
			       : -ENOMEM;
	}
	if (ret == 0)
		ret = merge_violations(to, &from->verify, reterr);
	return ret == -ENOMEM ? mh_error_set(reterr, ret, "no memory to add runs up") : ret;
}
