/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The C library knows the names; only aliases and the search by name are ours.
 */
#include "faults/errno_name.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define ERRNO_MAX 133 /* EHWPOISON, the last that Linux gives to user space */

static const struct {
	const char *name;
	int error;
} aliases[] = {
	{"EWOULDBLOCK", EWOULDBLOCK},
	{"EDEADLOCK", EDEADLOCK},
	{"EOPNOTSUPP", EOPNOTSUPP},
	{"ENOTSUP", ENOTSUP},
};

int mh_errno_parse(const char *name, int *ret_errno, struct mh_error *reterr)
{
	const char *names[ERRNO_MAX + 1] = {0};
	const char *near;

	for (int error = 1; error <= ERRNO_MAX; error++) {
		names[error] = strerrorname_np(error);
		if (names[error] && !strcmp(names[error], name)) {
			*ret_errno = error;
			return 0;
		}
	}
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (!strcmp(aliases[i].name, name)) {
			*ret_errno = aliases[i].error;
			return 0;
		}
	}
	near = mh_text_nearest(name, names, ERRNO_MAX + 1);
	if (near)
		return mh_error_set(reterr, -EINVAL, "unknown errno '%s' (did you mean '%s'?)", name, near);
	return mh_error_set(reterr, -EINVAL, "unknown errno '%s': use a name such as ENOMEM, or 'raw' for a number",
			    name);
}
