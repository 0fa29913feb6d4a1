/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the files of the kernel lie that a command acts on: --kernel-root.
 */
#ifndef BENCH_CLI_KERNEL_ROOT_H
#define BENCH_CLI_KERNEL_ROOT_H

#include "base/error.h"

/**
 * mh_kernel_root_find - the root of a kernel's files
 * @folder: as given; NULL: this system's own
 *
 * The whole path, that what is written into restore.sh means the same from everywhere; "" is this system's own root, by
 * whichever name. Return: 0, and @ret_root is to be freed; -errno with a sentence.
 */
int mh_kernel_root_find(const char *folder, char **ret_root, struct mh_error *reterr);

#endif
