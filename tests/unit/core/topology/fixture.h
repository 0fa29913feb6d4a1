/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading for tests: a failure to load is a failure of the test. */
#ifndef TESTS_UNIT_CORE_TOPOLOGY_FIXTURE_H
#define TESTS_UNIT_CORE_TOPOLOGY_FIXTURE_H

#include <stdint.h>

#include "core/topology/topology.h"

#define GIB (UINT64_C(1) << 30)
#define MIB (UINT64_C(1) << 20)

struct mh_topology *load(const char *spec); /* with 1 GiB for nodes without memory */
/* "xml:" and the path of tests/fixtures/topology/@name; a static buffer. */
const char *xml_spec(const char *name);

#endif
