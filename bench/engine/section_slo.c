/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section `slo`: absolute thresholds. Whether their metrics exist is checked by metric_check.c. */
#include "bench/engine/section.h"

#include "bench/engine/bind.h"

#include <errno.h>
#include <stdlib.h>

#define AT(field) offsetof(struct mh_scenario_slo, field)

static const struct mh_schema_row slo_rows[] = {
	{.key = "expr",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(threshold),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "METRIC OP VALUE, such as \"steady/response.p99 < 500us\"; OP is one of < <= > >= == !="},
	{.key = "require",
	 .type = MH_VALUE_BOOL,
	 .offset = AT(require),
	 .default_text = "true",
	 .help = "a breach ends in exit 1; false: it is reported only"},
	{.key = "abort",
	 .type = MH_VALUE_BOOL,
	 .offset = AT(abort),
	 .default_text = "false",
	 .help = "a breach at the end of its phase ends the run before the next phase"},
};

const struct mh_schema mh_slo_schema = {
	.name = "slo",
	.rows = slo_rows,
	.count = sizeof(slo_rows) / sizeof(slo_rows[0]),
	.size = sizeof(struct mh_scenario_slo),
};

int mh_threshold_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_error error = {0};
	int ret;

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "expr", "METRIC OP VALUE"))
		return -EINVAL;
	ret = mh_threshold_parse(node->text, value, &error);
	if (ret == -EINVAL)
		mh_diagnose(&binder->reader->diagnostics, node->place, "expr: %s", error.text);
	return ret;
}

int mh_slos_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario *scenario = binder->scenario;
	void *items = NULL;
	int ret;

	(void)value;
	ret = mh_bind_list(binder, "slo", node, &mh_slo_schema, &items, &scenario->slo_count, ret_resolved);
	scenario->slos = items;
	return ret;
}

void mh_slos_release(struct mh_scenario *scenario)
{
	for (size_t i = 0; i < scenario->slo_count; i++)
		mh_bind_release(&mh_slo_schema, &scenario->slos[i]);
	free(scenario->slos);
}
