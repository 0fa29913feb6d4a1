/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters, set before init from --module "FILE.so NAME=VALUE" or `args` of a scenario. Unlike the kernel, nothing
 * appears in sysfs: @perm is checked and not used, and a parameter that there is not is refused.
 */
#ifndef MEMHP_LINUX_MODULEPARAM_H
#define MEMHP_LINUX_MODULEPARAM_H

#include <linux/kernel.h>
#include <linux/memhp_types.h>

/* As in the kernel "tag=text" in the section .modinfo, one string each; nothing here refuses a licence. */
#define MEMHP_MODINFO(tag, line, text)                                                                                 \
	static const char memhp_modinfo_##tag##_##line[] __attribute__((used, section(".modinfo"))) = #tag "=" text
#define MEMHP_MODINFO_AT(tag, line, text) MEMHP_MODINFO(tag, line, text)

#define MODULE_INFO(tag, text)       MEMHP_MODINFO_AT(tag, __LINE__, text)
#define MODULE_PARM_DESC(name, text) MEMHP_MODINFO_AT(parm, __LINE__, #name ":" text)

/* The C type of each word that module_param() takes. */
typedef unsigned char memhp_param_byte;
typedef short memhp_param_short;
typedef unsigned short memhp_param_ushort;
typedef int memhp_param_int;
typedef unsigned int memhp_param_uint;
typedef unsigned int memhp_param_hexint;
typedef long memhp_param_long;
typedef unsigned long memhp_param_ulong;
typedef unsigned long long memhp_param_ullong;
typedef char *memhp_param_charp;
typedef bool memhp_param_bool;
typedef bool memhp_param_invbool;

#define MEMHP_PARAM(param_name, param_type, pointer, bytes, max, count, perm)                                          \
	_Static_assert((perm) >= 0 && (perm) <= 0777, "module_param: perm is a mode of a file, or 0");                 \
	static const struct memhp_param memhp_param_##param_name##_is = {                                              \
		#param_name, param_type, pointer, bytes, max, count,                                                   \
	};                                                                                                             \
	static const struct memhp_param *const memhp_param_##param_name##_at                                           \
		__attribute__((used, section("memhp_params"))) = &memhp_param_##param_name##_is

/* The type as a type and as a word, made where module_param() is written: bool is a macro and would be replaced. */
#define MEMHP_PARAM_OF(name, value, type, word, max, count, perm)                                                      \
	_Static_assert(__same_type(value, type), "module_param: the variable is not of type " word);                   \
	MEMHP_PARAM(name, word, &(value), sizeof(value), max, count, perm)

#define module_param_named(name, value, type, perm)                                                                    \
	MEMHP_PARAM_OF(name, value, memhp_param_##type, #type, 1, NULL, perm)
#define module_param(name, type, perm)        MEMHP_PARAM_OF(name, name, memhp_param_##type, #type, 1, NULL, perm)
#define module_param_unsafe(name, type, perm) MEMHP_PARAM_OF(name, name, memhp_param_##type, #type, 1, NULL, perm)

/* @count: an unsigned int that says how many were given, or NULL. */
#define module_param_array_named(name, array, type, count, perm)                                                       \
	MEMHP_PARAM_OF(name, (array)[0], memhp_param_##type, #type, ARRAY_SIZE(array), count, perm)
#define module_param_array(name, type, count, perm)                                                                    \
	MEMHP_PARAM_OF(name, (name)[0], memhp_param_##type, #type, ARRAY_SIZE(name), count, perm)

/* Into @string, of @length bytes with its NUL. */
#define module_param_string(name, string, length, perm) MEMHP_PARAM(name, "string", string, length, 1, NULL, perm)

#endif
