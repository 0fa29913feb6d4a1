/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name of a function of a module, static ones too: from the symbol table that the dynamic linker does not need, and
 * that `strip` removes.
 */
#ifndef CORE_MODULE_SYMBOL_H
#define CORE_MODULE_SYMBOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/**
 * mh_module_symbol - which function begins there
 * @path: a module that was loaded from there
 * @address: of its first byte, as in the file
 * @size: of @ret_name; a longer name is -ENAMETOOLONG
 *
 * Return: 0; -ENOENT the file has no symbol table, or no such function; -errno it cannot
 * be read. With a sentence.
 */
int mh_module_symbol(const char *path, uintptr_t address, char *ret_name, size_t size, struct mh_error *reterr);

#endif
