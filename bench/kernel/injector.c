/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/injector.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const enum mh_event events[] = {MH_GOING_ONLINE, MH_GOING_OFFLINE};

static char *path_of(const struct mh_kernel_tree *tree, char path[MH_KERNEL_PATH_SIZE], enum mh_event event)
{
	return mh_kernel_path(tree, path, MH_KERNEL_INJECTOR "/%s/error", mh_event_kernel_names[event]);
}

static int look(const struct mh_kernel_tree *tree, enum mh_event event, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], value[MH_KERNEL_VALUE_SIZE];
	int ret = mh_kernel_read(tree, path_of(tree, path, event), value, reterr);

	if (ret == -ENOENT)
		return mh_error_set(reterr, ret,
				    "'%s' is not there: load the kernel's injector by 'modprobe "
				    "memory-notifier-error-inject', with debugfs mounted on /sys/kernel/debug",
				    path);
	if (ret == 0 && strcmp(value, "0") != 0)
		return mh_error_set(
			reterr, -EBUSY,
			"'%s' is armed with %s already, by somebody else or by a run that was killed: write 0 "
			"to it",
			path, value);
	return ret;
}

int mh_kernel_injector_open(const struct mh_kernel_tree *tree, struct mh_kernel_journal *journal,
			    struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE];
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < sizeof(events) / sizeof(events[0]); i++) {
		ret = look(tree, events[i], reterr);
		if (ret == 0)
			ret = mh_kernel_journal_note(journal, MH_KERNEL_UNDO_WRITE, path_of(tree, path, events[i]),
						     "0\n", reterr);
	}
	return ret;
}

/* Kernels before 6.2, and some after them, read the number as unsigned: their injector cannot be armed at all. */
static int explain_einval(const char *path, struct mh_error *reterr)
{
	return mh_error_set(
		reterr, -EINVAL,
		"'%s' takes no negative number: the injector of this kernel cannot be armed; take one whose "
		"debugfs reads signed numbers (6.2 and later, and 6.1 with its fixes)",
		path);
}

int mh_kernel_injector_set(const struct mh_kernel_tree *tree, enum mh_event event, int error, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], value[32], shown[MH_KERNEL_VALUE_SIZE];
	int ret;

	snprintf(value, sizeof(value), "%d\n", -error);
	ret = mh_kernel_write(tree, path_of(tree, path, event), value, reterr);
	if (ret == -EINVAL && error)
		return explain_einval(path, reterr);
	if (ret == 0)
		ret = mh_kernel_read(tree, path, shown, reterr);
	value[strcspn(value, "\n")] = '\0';
	if (ret == 0 && strcmp(shown, value) != 0)
		return mh_error_set(reterr, -EPROTO, "'%s' shows %s after %s was written to it", path, shown, value);
	return ret;
}
