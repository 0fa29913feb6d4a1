/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * null: does nothing, so that its times are those of the harness itself.
 */
#include "workloads/workload.h"

static int null_step(struct mh_worker *worker)
{
	(void)worker;
	return 0;
}

static const struct mh_schema null_parameters = {
	.name = "workload null",
};

const struct mh_workload_kind mh_workload_null = {
	.name = "null",
	.help = "does nothing: what the harness itself costs",
	.parameters = &null_parameters,
	.step = null_step,
};
