/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/refusals.h"

#include <string.h>

static bool is_same(const struct mh_kernel_refusal *a, const struct mh_kernel_refusal *b)
{
	return a->online == b->online && a->heard == b->heard && a->error == b->error;
}

void mh_kernel_refusals_add(struct mh_kernel_refusals *refusals, const struct mh_kernel_operation *operation)
{
	const struct mh_kernel_refusal refusal = {
		.online = operation->online,
		.heard = mh_kernel_was_heard(operation->walks, operation->walk_count),
		.error = -operation->write.error,
		.block = operation->block->index,
		.count = 1,
	};

	for (unsigned i = 0; i < refusals->count; i++)
		if (is_same(&refusals->items[i], &refusal)) {
			refusals->items[i].count++;
			return;
		}
	if (refusals->count < MH_KERNEL_REFUSALS_MAX)
		refusals->items[refusals->count++] = refusal;
}

void mh_kernel_refusals_report(const struct mh_kernel_refusals *refusals, struct mh_result *result)
{
	for (unsigned i = 0; i < refusals->count; i++) {
		const struct mh_kernel_refusal *refusal = &refusals->items[i];

		(void)mh_result_add_warning(result, "%llu %s%s failed (%s), block %u the first: %s",
					    (unsigned long long)refusal->count, refusal->online ? "online" : "offline",
					    refusal->count == 1 ? "" : "s", strerror(refusal->error), refusal->block,
					    mh_kernel_block_refusal(refusal->error, !refusal->online, refusal->heard));
	}
}
