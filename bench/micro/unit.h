/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The units that times are told in. */
#ifndef BENCH_MICRO_UNIT_H
#define BENCH_MICRO_UNIT_H

struct mh_time_unit {
	const char *name; /* "ns", "us", "ms", "s" */
	double ns;
};

/* NULL: there is none of that name. */
const struct mh_time_unit *mh_time_unit_find(const char *name);

#endif
