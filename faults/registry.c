/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of fault kinds, made of fault_list.h: a constructor in an archive would drop silently.
 */
#include "faults/fault.h"

#include <string.h>

#include "faults/fault_list.h"

#define DECLARE(noun) extern const struct mh_fault_kind mh_fault_##noun;
MH_FAULT_LIST(DECLARE)

#define ROW(noun) &mh_fault_##noun,
static const struct mh_fault_kind *const kinds[] = {MH_FAULT_LIST(ROW)};

unsigned mh_fault_kind_count(void)
{
	return sizeof(kinds) / sizeof(kinds[0]);
}

const struct mh_fault_kind *mh_fault_kind_at(unsigned index)
{
	return kinds[index];
}

const struct mh_fault_kind *mh_fault_kind_find(const char *name)
{
	for (unsigned i = 0; i < mh_fault_kind_count(); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}
