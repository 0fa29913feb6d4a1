/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernel it is, and so which protocol it keeps.
 */
#ifndef BENCH_KERNEL_RELEASE_H
#define BENCH_KERNEL_RELEASE_H

#include "bench/kernel/tree.h"
#include "core/protocol.h"

struct mh_kernel_release {
	char text[MH_KERNEL_VALUE_SIZE]; /* "6.1.0-56-amd64" */
	unsigned major, minor;
	enum mh_compat compat;
	const struct mh_protocol *protocol; /* of @compat, with this kernel's numbers of events; static data */
};

/**
 * mh_kernel_release_parse - the protocol of a release
 * @text: as of uname -r
 *
 * Return: 0; -EINVAL no release; -EOPNOTSUPP one whose protocol is not known (older than 6.1; 6.17 and 6.18, which have
 * the chain of nodes and PREPARE_ONLINE at once; newer than 7). With a sentence.
 */
int mh_kernel_release_parse(const char *text, struct mh_kernel_release *ret_release, struct mh_error *reterr);
/*
 * The same of the kernel whose tree it is, and how it numbers events: 7.3 from 0 on, as stable updates of older ones
 * have come to do (6.12.95 by bits, 6.12.117 from 0 on). The kernel's own description of its types tells: enumerators
 * have names in it, macros have none. Without one (CONFIG_DEBUG_INFO_BTF) they are taken to be as recorded.
 */
int mh_kernel_release_read(const struct mh_kernel_tree *tree, struct mh_kernel_release *ret_release,
			   struct mh_error *reterr);
#endif
