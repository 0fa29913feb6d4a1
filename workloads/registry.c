/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of workload kinds, made of workload_list.h: a constructor in an archive would drop silently.
 */
#include "workloads/workload.h"

#include <string.h>

#include "workloads/workload_list.h"

#define DECLARE(noun) extern const struct mh_workload_kind mh_workload_##noun;
MH_WORKLOAD_LIST(DECLARE)

#define ROW(noun) &mh_workload_##noun,
static const struct mh_workload_kind *const kinds[] = {MH_WORKLOAD_LIST(ROW)};

unsigned mh_workload_kind_count(void)
{
	return sizeof(kinds) / sizeof(kinds[0]);
}

const struct mh_workload_kind *mh_workload_kind_at(unsigned index)
{
	return kinds[index];
}

const struct mh_workload_kind *mh_workload_kind_find(const char *name)
{
	for (unsigned i = 0; i < mh_workload_kind_count(); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}
