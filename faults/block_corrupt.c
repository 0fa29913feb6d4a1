/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * block-corrupt: breaks what an invariant holds, when the operation has done its work and before it is checked; the
 * checks look, and it is mended (core/corrupt.h). Proves that they see it.
 */
#include "faults/fault.h"

#include "base/assert.h"
#include "core/corrupt.h"

struct corrupt_parameters {
	int what; /* enum mh_corruption */
};

/* By what is broken. Of several, which is seen depends on the operation: I10 of an online, I11 of an offline, I12 and
 * I24 of a failed one; I13 to I15 and I24 at verify: full. */
static const char *const detects[MH_CORRUPTIONS] = {
	[MH_CORRUPT_COUNTER] = "I17 I24",
	[MH_CORRUPT_PRESENT] = "I10 I11 I14 I15 I24",
	[MH_CORRUPT_MASK] = "I10 I11 I12 I13 I14 I24",
	[MH_CORRUPT_STATE] = "I40 I15 I24",
	[MH_CORRUPT_SPAN] = "I38 I24",
	[MH_CORRUPT_ISOLATION] = "I36 I24",
	[MH_CORRUPT_DAEMON] = "I35 I24",
};

static const struct mh_schema_row corrupt_rows[] = {
	{.key = "what",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct corrupt_parameters, what),
	 .default_text = "counter",
	 .values = "counter|present|mask|state|span|isolation|daemon",
	 .help = "managed pages, present pages, N_NORMAL_MEMORY, the block's state, the zone's span, its isolated "
		 "blocks, or the node's kswapd"},
};

static const struct mh_schema corrupt_schema = {
	.name = "fault block-corrupt",
	.rows = corrupt_rows,
	.count = sizeof(corrupt_rows) / sizeof(corrupt_rows[0]),
	.size = sizeof(struct corrupt_parameters),
};

MH_STATIC_ASSERT(MH_CORRUPT_DAEMON + 1 == MH_CORRUPTIONS, "the values of `what` are in the order of the enum");

static int corrupt_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	const struct corrupt_parameters *given = parameters;

	(void)reterr;
	*ret_action = (struct mh_fault_action){.own = given, .detects = detects[given->what]};
	return 0;
}

static void corrupt_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	const struct corrupt_parameters *given = action->own;

	call->site->operation->corrupt |= MH_CORRUPT_BIT(given->what);
}

const struct mh_fault_kind mh_fault_block_corrupt = {
	.name = "block-corrupt",
	.help = "breaks an invariant at the end of the operation, for its checks to find, and mends it after them",
	.parameters = &corrupt_schema,
	.point = MH_HOOK_EVENT,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_DETECTED),
	.detects = "I17 I24",
	.prepare = corrupt_prepare,
	.fire = corrupt_fire,
};
