/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine that modules are bound to, and where the modules of tests/fixtures/modules are. */
#ifndef TESTS_UNIT_CORE_MODULE_FIXTURE_H
#define TESTS_UNIT_CORE_MODULE_FIXTURE_H

#include "machine_fixture.h"

#define MODULE_PATH_SIZE 4096

/* @path: MODULE_PATH_SIZE bytes. */
void module_fixture_path(const char *name, char *path);
void module_fixture_begin(struct fixture *fixture);
void module_fixture_end(struct fixture *fixture);

#endif
