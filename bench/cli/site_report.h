/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a sweep over fault sites found, in words and as JSON.
 */
#ifndef BENCH_CLI_SITE_REPORT_H
#define BENCH_CLI_SITE_REPORT_H

#include "base/error.h"
#include "bench/cli/site.h"

struct mh_site_report {
	const char *scenario, *cell;
	uint64_t seed;
	const char *max_option; /* what was left out is told by it */
};

/* text->failed tells that memory ran out. */
void mh_site_report_text(const struct mh_site_report *report, const struct mh_sites *sites, struct mh_text *text);
/* 0 or -ENOMEM. */
int mh_site_report_json(const struct mh_site_report *report, const struct mh_sites *sites, struct mh_text *text,
			struct mh_error *reterr);

#endif
