/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A loaded module's own variables: where they lie, and what a place in them is called.
 */
#ifndef CORE_MODULE_DATA_H
#define CORE_MODULE_DATA_H

#include <stddef.h>

struct mh_module;

#define MH_MODULE_AREAS_MAX 8

/* Bytes that the module may write: its .data and .bss. */
struct mh_module_area {
	unsigned char *data;
	size_t size;
};

/* Return: the number of areas, at most MH_MODULE_AREAS_MAX. */
unsigned mh_module_areas(const struct mh_module *module, struct mh_module_area *ret_areas);

/**
 * mh_module_variable - the name of the variable that @place lies in
 * @place: inside one of the areas
 * @ret_name: "name", or "name+12" for the 12th byte of a larger one; "?" where the file has no symbols
 *
 * Reads the file, so not for a measured path. Return: 0, or -ENOENT for "?".
 */
int mh_module_variable(const struct mh_module *module, const void *place, char *ret_name, size_t size);

#endif
