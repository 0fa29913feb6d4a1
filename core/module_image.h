/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a module's file says, read before the dynamic linker maps it and runs its constructors.
 */
#ifndef CORE_MODULE_IMAGE_H
#define CORE_MODULE_IMAGE_H

#include <stdbool.h>

#include "base/error.h"

struct mh_module_image {
	bool has_stamp;       /* defines memhp_module; abi and compat are valid */
	unsigned abi, compat; /* as in struct memhp_module */
	bool has_own_copy;    /* defines register_memory_notifier itself */
};

/**
 * mh_module_image_read - look up the stamp in the file's dynamic symbols, as the dynamic linker would
 * @path: any file; none of it is trusted
 *
 * Return: 0; -ENOEXEC no shared object of this machine's word size, or one that points outside of itself, as a file
 * does that was cut; -errno it cannot be opened.
 */
int mh_module_image_read(const char *path, struct mh_module_image *ret_image, struct mh_error *reterr);

#endif
