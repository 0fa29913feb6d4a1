/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copied from the files, not made anew: what is printed is what was stored.
 */
#include "bench/cli/runs_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "bench/cli/exit_codes.h"
#include "results/run_json.h"

int mh_print_runs_json(const struct mh_result_folder *folder)
{
	bool many = folder->run_count != 1;

	if (many)
		fputs("{\"schema\":\"memhp-bench/runs\",\"schema_version\":1,\"runs\":[", stdout);
	for (size_t i = 0; i < folder->run_count; i++) {
		char *path = mh_result_folder_path(folder, &folder->runs[i], "run.json");
		struct mh_error error;
		char *data;
		size_t size;

		if (!path || mh_file_read(path, MH_RUN_JSON_SIZE_MAX, &data, &size, &error) < 0) {
			fputs("null", stdout);
		} else {
			fwrite(data, 1, size, stdout);
			free(data);
		}
		free(path);
		if (i + 1 < folder->run_count)
			fputc(',', stdout);
	}
	fputs(many ? "]}\n" : "", stdout);
	return MH_EXIT_DONE;
}
