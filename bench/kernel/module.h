/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules that come with the kernel: loaded by the list of its release, and unloaded. What a module needs is not
 * loaded with it.
 *
 * Names as the kernel shows them, with '_'. The real system's modules are never touched from a made-up tree.
 */
#ifndef BENCH_KERNEL_MODULE_H
#define BENCH_KERNEL_MODULE_H

#include "bench/kernel/tree.h"

bool mh_kernel_module_is_loaded(const struct mh_kernel_tree *tree, const char *name);

/* Is there a file of it, of that @release, to load it from? */
bool mh_kernel_module_is_there(const struct mh_kernel_tree *tree, const char *release, const char *name);

/**
 * mh_kernel_module_load - load a module that modules.dep of that @release names
 * @parameters: "priority=-1000"; "" for none
 *
 * Return: 0; -ENOENT no file of it, or a symbol that it needs is not there; -EEXIST it is loaded; -EOPNOTSUPP a made-up
 * tree of plain files; others of the call that failed. With a sentence.
 */
int mh_kernel_module_load(const struct mh_kernel_tree *tree, const char *release, const char *name,
			  const char *parameters, struct mh_error *reterr);
/* The same from a file of one's own, FILE.ko, plain or packed as FILE.ko.xz, .zst or .gz; never below a made-up root.
 */
int mh_kernel_module_load_file(const struct mh_kernel_tree *tree, const char *path, const char *parameters,
			       struct mh_error *reterr);
/* The name of the module in such a file. 0; -EINVAL, with a sentence: it is not called NAME.ko. */
int mh_kernel_module_name(const char *path, char *ret_name, size_t size, struct mh_error *reterr);
/* 0; -ENOENT it is not loaded; -EWOULDBLOCK it is in use; -EOPNOTSUPP as above; others of the call. With a sentence. */
int mh_kernel_module_unload(const struct mh_kernel_tree *tree, const char *name, struct mh_error *reterr);

#endif
