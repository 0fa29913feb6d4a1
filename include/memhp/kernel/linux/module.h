/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a module says about itself, on top of the system's header of the same name. */
#ifndef MEMHP_LINUX_MODULE_H
#define MEMHP_LINUX_MODULE_H

#include_next <linux/module.h>

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memhp_types.h>

/* As in the kernel "tag=text" in the section .modinfo, one string each; nothing here refuses a licence. */
#define MEMHP_MODINFO(tag, line, text)                                                                                 \
	static const char memhp_modinfo_##tag##_##line[] __attribute__((used, section(".modinfo"))) = #tag "=" text
#define MEMHP_MODINFO_AT(tag, line, text) MEMHP_MODINFO(tag, line, text)

#define MODULE_LICENSE(text)     MEMHP_MODINFO_AT(license, __LINE__, text)
#define MODULE_AUTHOR(text)      MEMHP_MODINFO_AT(author, __LINE__, text)
#define MODULE_DESCRIPTION(text) MEMHP_MODINFO_AT(description, __LINE__, text)
#define MODULE_VERSION(text)     MEMHP_MODINFO_AT(version, __LINE__, text)

#endif
