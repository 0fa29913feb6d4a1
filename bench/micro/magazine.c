/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stack. */
#include "bench/micro/magazine.h"

#include <errno.h>
#include <stdlib.h>

int mh_magazine_init(struct mh_magazine *magazine, uint32_t count)
{
	magazine->pfns = calloc(count, sizeof(magazine->pfns[0]));
	if (!magazine->pfns)
		return -ENOMEM;
	magazine->count = count;
	for (uint32_t i = 0; i < count; i++)
		magazine->pfns[i] = i;
	return 0;
}

void mh_magazine_release(struct mh_magazine *magazine)
{
	free(magazine->pfns);
	*magazine = (struct mh_magazine){.count = 0};
}

void mh_magazine_take(struct mh_magazine *magazine, mh_handle *owner)
{
	atomic_store_explicit(owner, magazine->pfns[--magazine->count], memory_order_relaxed);
}

void mh_magazine_give(struct mh_magazine *magazine, mh_handle *owner)
{
	magazine->pfns[magazine->count++] = atomic_load_explicit(owner, memory_order_relaxed);
}
