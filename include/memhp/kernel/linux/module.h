/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a module says about itself, on top of the system's header of the same name. */
#ifndef MEMHP_LINUX_MODULE_H
#define MEMHP_LINUX_MODULE_H

#include_next <linux/module.h>

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memhp_kobject.h>
#include <linux/memhp_types.h>
#include <linux/moduleparam.h>
#include <memhp/kapi_use.h>

#define MODULE_LICENSE(text)     MEMHP_MODINFO_AT(license, __LINE__, text)
#define MODULE_AUTHOR(text)      MEMHP_MODINFO_AT(author, __LINE__, text)
#define MODULE_DESCRIPTION(text) MEMHP_MODINFO_AT(description, __LINE__, text)
#define MODULE_VERSION(text)     MEMHP_MODINFO_AT(version, __LINE__, text)

#define MODULE_ALIAS(text)   MEMHP_MODINFO_AT(alias, __LINE__, text)
#define MODULE_SOFTDEP(text) MEMHP_MODINFO_AT(softdep, __LINE__, text)

MEMHP_HIDDEN extern struct module memhp_this_module;

#define THIS_MODULE     (&memhp_this_module)
#define MODULE_NAME_LEN MEMHP_MODULE_NAME_SIZE

static inline const char *module_name(const struct module *module)
{
	return module ? module->name : "kernel";
}

/* Who holds a module keeps it from being unloaded, which is refused. NULL, the kernel itself, can always be held. */
static inline bool try_module_get(struct module *module)
{
	if (module)
		(void)__atomic_fetch_add(&module->memhp_users, 1, __ATOMIC_RELAXED);
	return true;
}

#define __module_get(module) ((void)try_module_get(module))

static inline void memhp_module_put(struct module *module, const char *where)
{
	/* Release: what the holder did with the module comes before its end. */
	if (module && __atomic_fetch_sub(&module->memhp_users, 1, __ATOMIC_RELEASE) <= 0) {
		(void)__atomic_fetch_add(&module->memhp_users, 1, __ATOMIC_RELAXED);
		memhp_misuse(where, "module_put() of a module that nobody holds");
	}
}

#define module_put(module) memhp_module_put(module, MEMHP_HERE)

static inline int module_refcount(struct module *module)
{
	return __atomic_load_n(&module->memhp_users, __ATOMIC_RELAXED);
}

#endif
