/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/bench_file.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* dlopen() searches its path for a name without a slash. */
static char *with_slash(const char *path)
{
	char *slashed;

	if (strchr(path, '/'))
		return strdup(path);
	return asprintf(&slashed, "./%s", path) < 0 ? NULL : slashed;
}

int mh_bench_file_load(const char *path, const struct memhp_bench **ret_table, struct mh_error *reterr)
{
	const struct memhp_bench *const *table;
	char *slashed = with_slash(path);
	void *handle;

	if (!slashed)
		return mh_error_set(reterr, -ENOMEM, "no memory for '%s'", path);
	handle = dlopen(slashed, RTLD_NOW | RTLD_LOCAL);
	free(slashed);
	if (!handle)
		return mh_error_set(reterr, -EINVAL, "'%s' cannot be loaded: %s", path, dlerror());
	table = dlsym(handle, "memhp_benchmarks");
	if (!table || !*table) {
		dlclose(handle);
		return mh_error_set(reterr, -EINVAL,
				    "'%s' has no benchmarks: end it with MEMHP_BENCHMARKS(table), of memhp/bench.h",
				    path);
	}
	*ret_table = *table;
	return 0;
}
