/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/release.h"

#include <errno.h>
#include <stdio.h>

/* The first release that keeps a protocol, up to the next row's; a row without protocol is one that is not known.
 * Recorded are 6.1, 6.12 and 7.3; where it changed in between says the kernel's history: PREPARE_ONLINE came with 6.9
 * and went with 6.19, the chain of nodes came with 6.17. */
static const struct {
	unsigned major, minor;
	int compat; /* enum mh_compat; -1: not known */
} rows[] = {
	{6, 1, MH_COMPAT_V6_1}, {6, 9, MH_COMPAT_V6_12}, {6, 17, -1}, {6, 19, MH_COMPAT_V7_3}, {8, 0, -1},
};

static int compat_of(unsigned major, unsigned minor)
{
	int compat = -1;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (major > rows[i].major || (major == rows[i].major && minor >= rows[i].minor))
			compat = rows[i].compat;
	return compat;
}

int mh_kernel_release_parse(const char *text, struct mh_kernel_release *ret_release, struct mh_error *reterr)
{
	struct mh_kernel_release release;
	int compat;

	snprintf(release.text, sizeof(release.text), "%s", text);
	if (sscanf(text, "%u.%u", &release.major, &release.minor) != 2)
		return mh_error_set(reterr, -EINVAL, "'%s' is no release of a kernel, such as 6.1.0-56-amd64", text);
	compat = compat_of(release.major, release.minor);
	if (compat < 0)
		return mh_error_set(reterr, -EOPNOTSUPP,
				    "the protocol of Linux %s is not known: use 6.1 to 6.16, or 6.19 to 7.x", text);
	release.compat = (enum mh_compat)compat;
	*ret_release = release;
	return 0;
}

int mh_kernel_release_read(const struct mh_kernel_tree *tree, struct mh_kernel_release *ret_release,
			   struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], text[MH_KERNEL_VALUE_SIZE];
	int ret = mh_kernel_read(tree, mh_kernel_path(tree, path, "/proc/sys/kernel/osrelease"), text, reterr);

	return ret < 0 ? ret : mh_kernel_release_parse(text, ret_release, reterr);
}
