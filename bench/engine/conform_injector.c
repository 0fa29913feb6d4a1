/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stock error injector, as lib/notifier-error-inject.c and lib/memory-notifier-error-inject.c of Linux. */
#include "bench/engine/conform_injector.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER    MH_CONFORM_INJECTOR_FOLDER
#define ERRNO_MAX 4095

/* modprobe and lsmod spell names differently: '-' is '_'. */
static bool is_module(const char *name, const char *module)
{
	for (; *name && *module; name++, module++)
		if (*name != *module && !(*name == '-' && *module == '_'))
			return false;
	return !*name && !*module;
}

static int inject(struct notifier_block *nb, unsigned long action, void *data)
{
	struct mh_conform_injector *injector =
		(struct mh_conform_injector *)(void *)((char *)nb - offsetof(struct mh_conform_injector, nb));
	struct mh_conform_call call = {.builtin = "notifier_err_inject_callback", .priority = nb->priority};

	mh_conform_listeners_read(injector->listeners, false, action, data, &call);
	call.value = notifier_from_errno(injector->errors[call.event]);
	mh_conform_log_call(injector->listeners->log, &call);
	return call.value;
}

static int memory_load(struct mh_conform_injector *injector, const char *parameters)
{
	int priority = 0, ret;

	if (injector->memory_loaded)
		return EEXIST;
	if (!injector->base_loaded)
		return ENOENT;
	if (parameters && *parameters && sscanf(parameters, "priority=%d", &priority) != 1)
		return MH_CONFORM_UNKNOWN;
	injector->nb = (struct notifier_block){.notifier_call = inject, .priority = priority};
	ret = mh_chain_register(mh_machine_chain(injector->listeners->machine), &injector->nb,
				"notifier_err_inject_callback");
	injector->memory_loaded = ret == 0;
	return -ret;
}

int mh_conform_injector_load(struct mh_conform_injector *injector, const char *module, const char *parameters)
{
	if (is_module(module, "memory_notifier_error_inject"))
		return memory_load(injector, parameters);
	if (!is_module(module, "notifier_error_inject"))
		return MH_CONFORM_UNKNOWN;
	if (injector->base_loaded)
		return EEXIST;
	injector->base_loaded = true;
	return 0;
}

static int memory_unload(struct mh_conform_injector *injector)
{
	int ret;

	if (!injector->memory_loaded)
		return ENOENT;
	ret = mh_chain_unregister(mh_machine_chain(injector->listeners->machine), &injector->nb);
	injector->memory_loaded = ret != 0;
	memset(injector->errors, 0, sizeof(injector->errors));
	return -ret;
}

int mh_conform_injector_unload(struct mh_conform_injector *injector, const char *module)
{
	if (is_module(module, "memory_notifier_error_inject"))
		return memory_unload(injector);
	if (!is_module(module, "notifier_error_inject"))
		return MH_CONFORM_UNKNOWN;
	if (!injector->base_loaded)
		return ENOENT;
	if (injector->memory_loaded)
		return EAGAIN; /* it is in use */
	injector->base_loaded = false;
	return 0;
}

/* actions/MEM_GOING_ONLINE/error: the event, or -1. The injector has files for these two only. */
static int event_of_path(const char *path)
{
	if (strcmp(path, FOLDER "memory/actions/MEM_GOING_ONLINE/error") == 0)
		return MH_GOING_ONLINE;
	if (strcmp(path, FOLDER "memory/actions/MEM_GOING_OFFLINE/error") == 0)
		return MH_GOING_OFFLINE;
	return -1;
}

int mh_conform_injector_write(struct mh_conform_injector *injector, const char *path, const char *value)
{
	int event = event_of_path(path);
	char *end;

	if (strncmp(path, FOLDER, strlen(FOLDER)) != 0)
		return MH_CONFORM_UNKNOWN;
	if (event < 0 || !injector->memory_loaded)
		return ENOENT;
	errno = 0;
	long number = strtol(value, &end, 0);

	if (end == value || (*end && *end != '\n') || errno)
		return EINVAL;
	/* The kernel clamps what is written. */
	injector->errors[event] = number > 0 ? 0 : number < -ERRNO_MAX ? -ERRNO_MAX : (int)number;
	return 0;
}
