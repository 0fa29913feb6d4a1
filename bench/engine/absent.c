/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of what is to come: a kind leaves it when it arrives. */
#include "bench/engine/absent.h"

#include <string.h>

const char *const mh_absent_faults[] = {
	NULL,
};

bool mh_absent_kind(const char *const *kinds, const char *name)
{
	for (; *kinds; kinds++)
		if (strcmp(*kinds, name) == 0)
			return true;
	return false;
}
