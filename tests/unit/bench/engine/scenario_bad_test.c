/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every bad file is refused with exactly the words that stand beside it. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "scenario_fixture.h"

#define FILES_MIN 45 /* of bad files: fewer, and the folder was not found or has lost some */
#define FILES_MAX 256

struct bad_file {
	char name[128]; /* "unknown-key" */
};

static struct bad_file bad_files[FILES_MAX];

static size_t bad_files_list(void)
{
	DIR *folder = opendir(scenario_path("tests/fixtures/scenarios/bad"));
	size_t count = 0;

	cr_assert_not_null(folder);
	for (struct dirent *entry = readdir(folder); entry && count < FILES_MAX; entry = readdir(folder)) {
		char *ending = strstr(entry->d_name, ".yaml");

		if (ending)
			snprintf(bad_files[count++].name, sizeof(bad_files[0].name), "%.*s",
				 (int)(ending - entry->d_name), entry->d_name);
	}
	closedir(folder);
	return count;
}

ParameterizedTestParameters(scenario_bad, is_refused_with_the_expected_words)
{
	size_t count = bad_files_list();

	return cr_make_param_array(struct bad_file, bad_files, count);
}

ParameterizedTest(struct bad_file *file, scenario_bad, is_refused_with_the_expected_words)
{
	char path[160], *expected, *messages;
	struct mh_plan *plan;
	size_t size;
	int ret;

	cr_assert_eq(chdir(scenario_path("tests/fixtures/scenarios/bad")), 0);
	snprintf(path, sizeof(path), "%s.expected", file->name);
	cr_assert_eq(mh_file_read(path, 1 << 20, &expected, &size, NULL), 0, "%s cannot be read", path);
	snprintf(path, sizeof(path), "%s.yaml", file->name);
	ret = scenario_load(path, &plan, &messages);
	cr_expect_eq(ret, -EINVAL, "%s: %d, expected -EINVAL", path, ret);
	cr_expect_str_eq(messages, expected, "%s:\n%s\nexpected:\n%s", path, messages, expected);
	free(expected);
	free(messages);
}

Test(scenario_bad, files_are_many)
{
	size_t count = bad_files_list();

	cr_assert_geq(count, FILES_MIN, "%zu files, expected %d", count, FILES_MIN);
}
