/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See fixture.h. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct mh_topology *load(const char *spec)
{
	struct mh_topology *topology = NULL;
	struct mh_error error = {0};
	int ret = mh_topology_load(spec, GIB, &topology, &error);

	cr_assert_eq(ret, 0, "'%s': %d %s", spec, ret, error.text);
	return topology;
}

const char *xml_spec(const char *name)
{
	static char spec[4096];
	const char *folder = strstr(__FILE__, "unit/core/topology/fixture.c");

	snprintf(spec, sizeof(spec), "xml:%.*sfixtures/topology/%s", (int)(folder - __FILE__), __FILE__, name);
	return spec;
}
