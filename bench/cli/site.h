/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fault sites of a sweep: a *site* is a (fault, event, listener) at which the fault was asked in a run in which it
 * did not fire. Each has a run of its own, in which it fires there, the first time that it is asked, and nowhere else.
 */
#ifndef BENCH_CLI_SITE_H
#define BENCH_CLI_SITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "results/result.h"

enum mh_site_state {
	MH_SITE_LEFT_OUT, /* by --max-sites, or the sweep was ended */
	MH_SITE_HELD,     /* the fault fired there, and all was as it should be */
	MH_SITE_BROKE,
	MH_SITE_UNJUDGED, /* it fired, and the run's data are not to be trusted */
	MH_SITE_MISSED,   /* it did not fire there */
};

/* "left out", "held", "BROKE", "unjudged", "missed". */
extern const char *const mh_site_state_names[];

struct mh_fault_site {
	const char *fault, *event, *listener; /* of the census */
	uint64_t evaluated;                   /* in the census */
	uint64_t fired;
	enum mh_site_state state;
	unsigned run; /* its number in the folder; 0: none */
	int code;     /* the run's exit code */
	char *why;    /* a sentence, unless it held; owned */
	char *repro;  /* owned */
};

struct mh_sites {
	struct mh_result census; /* owns the names */
	struct mh_fault_site *items;
	size_t count;
};

/* Takes the census over. @swept: names of the faults that are swept. 0 or -ENOMEM. */
int mh_sites_make(struct mh_result *census, char *const *swept, size_t swept_count, struct mh_sites *ret_sites);
void mh_sites_release(struct mh_sites *sites);

/* The options of `run` that make the fault fire at this site only: KEY=VALUE each, for -D; NULL: one fewer. False: no
 * memory. */
#define MH_SITE_OPTIONS 3
bool mh_site_options(const struct mh_fault_site *site, char *ret_options[MH_SITE_OPTIONS]);

/* What came of its run: @result is NULL when it left none. */
void mh_site_judge(struct mh_fault_site *site, const struct mh_result *result, int code);

/* How many sites are in a state. */
size_t mh_sites_in(const struct mh_sites *sites, enum mh_site_state state);
/* The worst exit code: 3 something broke, 4 a site was missed or could not be judged. */
int mh_sites_code(const struct mh_sites *sites);

#endif
