/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manifest of a result folder: each run that is accepted has a path below the folder. */
#include "results/folder_private.h"

#include "tests/fuzz/fuzz.h"

static void check_run(const struct mh_result_folder *folder, const struct mh_result_folder_run *run)
{
	char *path = mh_result_folder_path(folder, run, "run.json");

	MH_ASSERT(path);
	MH_ASSERT(strncmp(path, "fuzz/cells/", 11) == 0);
	MH_ASSERT(!strstr(path, "/../") && !strstr(path, "/./") && !strstr(path, "//"));
	free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_result_folder folder;
	struct mh_error error;

	if (mh_folder_read_manifest("fuzz", (const char *)data, size, &folder, &error) < 0)
		return 0;
	MH_ASSERT(folder.name && folder.id);
	for (size_t i = 0; i < folder.run_count; i++)
		check_run(&folder, &folder.runs[i]);
	mh_result_folder_release(&folder);
	return 0;
}
