/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/cli/module_diff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/cli/exit_codes.h"
#include "bench/cli/kernel_root.h"
#include "bench/kernel/module_diff.h"

#define TOLD_MAX 8 /* differences with their rows; the others by name, for --case */

struct telling {
	const struct mh_module_diff *request;
	unsigned told;
};

static void announce(void *data, const char *text)
{
	const struct telling *telling = data;

	if (!telling->request->quiet)
		fprintf(stderr, "memhp-bench module: %s", text);
}

/* One mistake shows in many cases: the first few are told whole. */
static void differs(void *data, const char *case_name, const char *text)
{
	struct telling *telling = data;

	printf("DIFFERS: %s\n%s", case_name, telling->told++ < TOLD_MAX ? text : "");
}

static void print_counts(const struct mh_kernel_diff_counts *counts)
{
	printf("%llu cases the same, %llu differ%s, %llu skipped: a stock kernel has no answer, event or moment for "
	       "them\n",
	       (unsigned long long)counts->same, (unsigned long long)counts->different,
	       counts->different == 1 ? "s" : "", (unsigned long long)counts->skipped);
}

static int code_of_refusal(int ret)
{
	return ret == -EINVAL || ret == -ENODEV || ret == -ENOENT || ret == -ENOEXEC || ret == -EPROTO
		       ? MH_EXIT_USAGE
		       : MH_EXIT_ENVIRONMENT;
}

int mh_module_diff(const struct mh_module_diff *request)
{
	struct telling telling = {.request = request};
	struct mh_kernel_diff_counts counts = {0};
	struct mh_error error = {.text = "no memory"};
	struct mh_kernel_tree tree = {.calls = &mh_kernel_calls_system};
	const struct mh_kernel_diff_request diff = {
		.contract = request->contract,
		.module = request->module,
		.blocks = request->blocks,
		.tree = &tree,
		.announce = announce,
		.differs = differs,
		.data = &telling,
	};
	char *root;
	int ret = mh_kernel_root_find(request->kernel_root, &root, &error);

	if (ret == 0) {
		tree.root = root;
		ret = mh_kernel_diff(&diff, &counts, &error);
		free(root);
	}
	if (ret < 0) {
		fprintf(stderr, "memhp-bench module: error: %s\n", error.text);
		return code_of_refusal(ret);
	}
	print_counts(&counts);
	return counts.different ? MH_EXIT_INCORRECT : MH_EXIT_DONE;
}
