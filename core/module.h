/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A user's notifier: a kernel module's source as a shared object that links nothing and finds the kernel's names here.
 */
#ifndef CORE_MODULE_H
#define CORE_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mh_machine;
struct mh_module;

/**
 * mh_module_load - load @path and run its init, bound to @machine
 *
 * Refused with a sentence, before any code of it runs, constructors included: -ENOENT, -ENOEXEC no shared object, one
 * that was cut, or one with unknown symbols, -EINVAL no module_init() or a library of ours linked in, -EPROTO another
 * ABI or another kernel's protocol. A library of ours in a library that it needs is seen only after constructors.
 * -ECANCELED: its init failed.
 */
int mh_module_load(struct mh_machine *machine, const char *path, struct mh_module **ret_module,
		   struct mh_error *reterr);

struct mh_module_request {
	const char *path;
	const char *const *arguments; /* NAME=VALUE each, as after insmod; copied */
	size_t argument_count;
};

/* The same, with parameters set before init; also -EINVAL: one that the module has not, or a value not of its type. */
int mh_module_load_with(struct mh_machine *machine, const struct mh_module_request *request,
			struct mh_module **ret_module, struct mh_error *reterr);

/**
 * mh_module_unload - run its exit and unmap it
 *
 * Return: 0; -EBUSY with the names of listeners that are still registered, or because somebody holds the module
 * (try_module_get), when its exit is not run: the module stays mapped, for a walk may still call into it.
 */
int mh_module_unload(struct mh_module *module, struct mh_error *reterr);

/* Without one the kernel keeps it for ever, which is no mistake: hotplug_memory_notifier() is made for such modules. */
bool mh_module_has_exit(const struct mh_module *module);

/* Unregisters whatever it has on the chains, as the kernel never does: so one without exit can be unloaded. Not from a
 * walk; waits for those that run. */
void mh_module_take_off(struct mh_module *module);

/**
 * mh_module_reload - unload the module that has a listener of this name and load it again, while others walk the chain
 * @listener: its name, as given by register_memory_notifier()
 * @away_ns: between its exit and its init
 *
 * Any thread outside of a walk; one reload at a time. Return: 0; -ENOENT no loaded module has it; else as
 * mh_module_unload or mh_module_load: then it is not loaded, or registered, any more.
 */
int mh_module_reload(struct mh_machine *machine, const char *listener, uint64_t away_ns, struct mh_error *reterr);

/* "hello" for "path/to/hello.so"; cut to @size - 1. */
void mh_module_name(const char *path, char *ret_name, size_t size);

#endif
