/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/release.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TYPES          "/sys/kernel/btf/vmlinux"
#define TYPES_SIZE_MAX (64u << 20)
#define ENUMERATOR     "\0MEM_GOING_OFFLINE" /* with the NUL behind it: a whole name */

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
	release.protocol = mh_protocol_of(release.compat);
	*ret_release = release;
	return 0;
}

static bool names_events(const struct mh_kernel_tree *tree)
{
	char path[MH_KERNEL_PATH_SIZE];
	struct mh_text types = MH_TEXT_INIT;
	struct mh_error ignored;
	bool found =
		mh_kernel_read_text(tree, mh_kernel_path(tree, path, TYPES), TYPES_SIZE_MAX, &types, &ignored) == 0 &&
		types.data && memmem(types.data, types.length, ENUMERATOR, sizeof(ENUMERATOR));

	mh_text_release(&types);
	return found;
}

/* The same protocol with its memory chain's events numbered from 0 on, in the order of the kernel's enum. Where that
 * came to 6.12 by an update, PREPARE_ONLINE and FINISH_OFFLINE still have their numbers, and are sent no more (tried on
 * 6.12.117, with and without memmap_on_memory). */
static const struct mh_protocol *protocol_numbered(enum mh_compat compat, bool enumerated)
{
	static const enum mh_event events[] = {MH_ONLINE,         MH_GOING_OFFLINE, MH_OFFLINE,
					       MH_GOING_ONLINE,   MH_CANCEL_ONLINE, MH_CANCEL_OFFLINE,
					       MH_PREPARE_ONLINE, MH_FINISH_OFFLINE};
	static struct mh_protocol protocols[MH_COMPAT_COUNT];
	struct mh_protocol *protocol = &protocols[compat];

	if (!enumerated)
		return mh_protocol_of(compat);
	*protocol = *mh_protocol_of(compat);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		protocol->actions[events[i]] = i;
	return protocol;
}

int mh_kernel_release_read(const struct mh_kernel_tree *tree, struct mh_kernel_release *ret_release,
			   struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], text[MH_KERNEL_VALUE_SIZE];
	int ret = mh_kernel_read(tree, mh_kernel_path(tree, path, "/proc/sys/kernel/osrelease"), text, reterr);

	if (ret == 0)
		ret = mh_kernel_release_parse(text, ret_release, reterr);
	if (ret == 0)
		ret_release->protocol = protocol_numbered(ret_release->compat, names_events(tree));
	return ret;
}
