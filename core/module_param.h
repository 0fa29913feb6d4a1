/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parameters of a module: from text, as after insmod, into the variables that it declared by module_param().
 */
#ifndef CORE_MODULE_PARAM_H
#define CORE_MODULE_PARAM_H

#include <stddef.h>

#include <memhp/kernel.h>

#include "base/error.h"

/**
 * mh_module_param_set - set one parameter
 * @argument: NAME=VALUE, or NAME of a bool; changed, and kept by the module, whose char pointers point into it
 * @path: names the module in sentences
 *
 * Before init. '-' and '_' are the same in a name; values are the kernel's: 10, 0x1f, 010, y, n, a,b,c for an array.
 * Return: 0; -EINVAL with a sentence: no such parameter, no value, or one that its type does not take.
 */
int mh_module_param_set(const struct memhp_module *stamp, const char *path, char *argument, struct mh_error *reterr);

#endif
