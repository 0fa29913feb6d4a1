/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/cli/kernel_root.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int mh_kernel_root_find(const char *folder, char **ret_root, struct mh_error *reterr)
{
	*ret_root = folder ? realpath(folder, NULL) : strdup("");
	if (!*ret_root)
		return mh_error_set(reterr, -errno, "--kernel-root: cannot find '%s': %s", folder ? folder : "",
				    strerror(errno));
	if (strcmp(*ret_root, "/") == 0)
		**ret_root = '\0';
	return 0;
}
