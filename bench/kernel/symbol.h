/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a kernel's symbol lies, as /proc/kallsyms tells root.
 */
#ifndef BENCH_KERNEL_SYMBOL_H
#define BENCH_KERNEL_SYMBOL_H

#include <stdint.h>

#include "bench/kernel/tree.h"

/* 0; -ENOENT no such symbol is told (data is with CONFIG_KALLSYMS_ALL only); -EPERM kernel.kptr_restrict hides all
 * addresses; others of the read. With a sentence. */
int mh_kernel_symbol(const struct mh_kernel_tree *tree, const char *name, uint64_t *ret_address,
		     struct mh_error *reterr);

#endif
