/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copied from the files, not made anew: what is printed is what was stored.
 */
#include "bench/cli/runs_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "bench/cli/exit_codes.h"
#include "results/run_json.h"

/* The bytes of a run.json that can be read as one: what is not would make stdout no JSON document. */
static int load(const char *path, char **ret_data, size_t *ret_size, struct mh_error *reterr)
{
	struct mh_result result;
	char *data;
	size_t size;
	int ret = mh_file_read(path, MH_RUN_JSON_SIZE_MAX, &data, &size, reterr);

	if (ret < 0)
		return ret;
	ret = mh_run_json_read(data, size, path, &result, reterr);
	if (ret < 0) {
		free(data);
		return ret;
	}
	mh_result_release(&result);
	*ret_data = data;
	*ret_size = size;
	return 0;
}

/* False: it printed null, and on stderr why. */
static bool print_run(const struct mh_result_folder *folder, const struct mh_result_folder_run *run)
{
	char *path = mh_result_folder_path(folder, run, "run.json");
	struct mh_error error = {.text = "no memory for a path"};
	bool printed = false;
	char *data;
	size_t size;

	if (path && load(path, &data, &size, &error) == 0) {
		fwrite(data, 1, size, stdout);
		free(data);
		printed = true;
	} else {
		fputs("null", stdout);
		fprintf(stderr, "memhp-bench: %s/%s: %s\n", run->cell, run->run, error.text);
	}
	free(path);
	return printed;
}

int mh_print_runs_json(const struct mh_result_folder *folder)
{
	bool many = folder->run_count != 1;
	size_t printed = 0;

	if (many)
		fputs("{\"schema\":\"memhp-bench/runs\",\"schema_version\":1,\"runs\":[", stdout);
	for (size_t i = 0; i < folder->run_count; i++) {
		printed += print_run(folder, &folder->runs[i]);
		if (i + 1 < folder->run_count)
			fputc(',', stdout);
	}
	fputs(many ? "]}\n" : "", stdout);
	if (printed)
		return MH_EXIT_DONE;
	fprintf(stderr, "memhp-bench: error: '%s' holds no run that can be read\n", folder->path);
	return MH_EXIT_USAGE;
}
