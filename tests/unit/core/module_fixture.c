/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "module_fixture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "core/kapi.h"

/* The build puts tests/fixtures/modules into fixtures/ beside the folder of this program. */
void module_fixture_path(const char *name, char *path)
{
	char program[MODULE_PATH_SIZE - 64];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	cr_assert_gt(length, 0);
	program[length] = 0;
	*strrchr(program, '/') = 0;
	snprintf(path, MODULE_PATH_SIZE, "%s/../fixtures/%s.so", program, name);
}

void module_fixture_begin(struct fixture *fixture)
{
	struct mh_machine_config config = fixture_config();

	fixture_begin(fixture, THREE_BLOCKS, &config);
	mh_kapi_bind(fixture->machine);
}

void module_fixture_end(struct fixture *fixture)
{
	mh_kapi_bind(NULL);
	fixture_end(fixture);
}
