/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading is checks first: the stamp is read from the file, and only then is it mapped, which runs its constructors,
 * and its init called.
 */
#include "core/module.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <memhp/kernel.h>

#include "base/sync.h"
#include "base/text.h"
#include "core/kapi_alloc.h"
#include "core/kapi_count.h"
#include "core/kapi_unload.h"
#include "core/machine_private.h"
#include "core/module_image.h"
#include "core/module_param.h"
#include "core/module_private.h"

struct mh_module {
	struct mh_machine *machine;
	void *handle; /* NULL: not loaded, or loaded for ever */
	char *path;
	char **arguments; /* as they were given: a reload gives them again */
	char **values;    /* copies, which its char pointers point into as long as it is mapped; NULL: not made yet */
	size_t argument_count;
	struct mh_module *next;
};

/* All that are loaded. The lock is held over a reload, which nobody else's may cross. */
static struct {
	struct mh_mutex lock;
	struct mh_module *first;
} loaded = {.lock = MH_MUTEX_INIT};

/* Its code may still be called, and may look at its arguments: they stay with it. */
static void keep_mapped(struct mh_module *module)
{
	module->handle = NULL;
	for (size_t i = 0; i < module->argument_count; i++)
		module->values[i] = NULL;
}

void mh_module_name(const char *path, char *ret_name, size_t size)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t length = strlen(base);

	if (length > 3 && strcmp(base + length - 3, ".so") == 0)
		length -= 3;
	snprintf(ret_name, size, "%.*s", (int)length, base);
}

/* A copy of the library inside the module would register into a chain of its own, and nothing would ever be called. */
static int refuse_own_copy(const struct mh_module *module, struct mh_error *reterr)
{
	return mh_error_set(
		reterr, -EINVAL,
		"%s: defines register_memory_notifier itself; a module links nothing of memhp-bench: compile it with "
		"-shared -fPIC and the headers only",
		module->path);
}

/* What the file says, before any of its constructors runs. */
static int check_image(const struct mh_module *module, struct mh_error *reterr)
{
	unsigned wanted = (unsigned)module->machine->protocol->module_compat;
	struct mh_module_image image;
	int ret = mh_module_image_read(module->path, &image, reterr);

	if (ret < 0)
		return ret;
	if (image.has_own_copy)
		return refuse_own_copy(module, reterr);
	if (!image.has_stamp)
		return mh_error_set(reterr, -EINVAL, "%s: no module_init(): nothing to run", module->path);
	if (image.abi != MEMHP_MODULE_ABI)
		return mh_error_set(reterr, -EPROTO,
				    "%s: built for module ABI %u, this program has %u: compile it again", module->path,
				    image.abi, MEMHP_MODULE_ABI);
	if (image.compat != wanted)
		return mh_error_set(reterr, -EPROTO,
				    "%s: built for the protocol of kernel %u, this machine speaks %u: compile it with "
				    "-DMEMHP_COMPAT=%u or choose another machine.compat",
				    module->path, image.compat, wanted, wanted);
	return 0;
}

/* A copy can come in a library that the module needs, too: its file does not tell, and only the mapped module does. */
static int check_needed(const struct mh_module *module, struct mh_error *reterr)
{
	void *symbol = dlsym(module->handle, "register_memory_notifier");

	if (!symbol || symbol == (void *)(uintptr_t)register_memory_notifier)
		return 0;
	return refuse_own_copy(module, reterr);
}

static int module_map(struct mh_module *module, struct mh_error *reterr)
{
	int ret = check_image(module, reterr);

	if (ret < 0)
		return ret;
	/* Unknown symbols are refused by it, before constructors run. */
	module->handle = dlopen(module->path, RTLD_NOW | RTLD_LOCAL);
	if (!module->handle)
		return mh_error_set(reterr, -ENOEXEC, "not a module that can be loaded: %s", dlerror());
	return check_needed(module, reterr);
}

static bool comes_from(const struct mh_module *module, const struct notifier_block *nb)
{
	Dl_info info, own;

	return dladdr((void *)(uintptr_t)nb->notifier_call, &info) &&
	       dladdr(dlsym(module->handle, "memhp_module"), &own) && info.dli_fbase == own.dli_fbase;
}

uintptr_t mh_module_base(const struct mh_module *module)
{
	struct link_map *map = NULL;

	return dlinfo(module->handle, RTLD_DI_LINKMAP, &map) == 0 ? map->l_addr : 0;
}

const char *mh_module_path(const struct mh_module *module)
{
	return module->path;
}

/* @where: a string constant of the module's own. */
static bool is_place_of(const void *data, const char *where)
{
	const struct mh_module *module = data;
	Dl_info info, own;

	return dladdr(where, &info) && dladdr(dlsym(module->handle, "memhp_module"), &own) &&
	       info.dli_fbase == own.dli_fbase;
}

static void name_leftovers_on(const struct mh_module *module, struct mh_chain *chain, struct mh_text *names)
{
	const struct mh_listener *listener;

	/* A block that is registered is not freed as long as nobody can unregister it. One that leaves may be, at any
	 * time. */
	mh_mutex_lock(&chain->writer);
	for (uint32_t id = 0; (listener = mh_chain_listener(chain, id)); id++) {
		/* An absent listener's block may be gone with its module. */
		if (!atomic_load(&listener->sequence) || listener->leaving || !comes_from(module, listener->nb))
			continue;
		mh_text_add(names, "%s'%s'", names->length ? ", " : "", listener->name);
	}
	mh_mutex_unlock(&chain->writer);
}

static void name_leftovers(const struct mh_module *module, struct mh_text *names)
{
	name_leftovers_on(module, &module->machine->chain, names);
	if (module->machine->protocol->node_chain)
		name_leftovers_on(module, &module->machine->node_chain, names);
}

/* Return: 0, or @code with the names: a walk may still call into the module, so it stays mapped for ever. */
static int check_leftovers(struct mh_module *module, int code, const char *when, struct mh_error *reterr)
{
	struct mh_text names = MH_TEXT_INIT;
	int ret = 0;

	name_leftovers(module, &names);
	if (names.length) {
		ret = mh_error_set(reterr, code, "%s: still registered after %s: %s; the module stays loaded",
				   module->path, when, names.data);
		keep_mapped(module);
	}
	mh_text_release(&names);
	return ret;
}

/* The same, for what its code may still be called by besides the chains. */
static int check_left(struct mh_module *module, int code, const char *when, struct mh_error *reterr)
{
	int ret = check_leftovers(module, code, when, reterr);

	if (ret < 0)
		return ret;
	ret = mh_kapi_unload(module->path, dlsym(module->handle, "memhp_module"), reterr);
	if (ret < 0)
		keep_mapped(module);
	return ret < 0 ? code : 0;
}

/* What its code finds before its init runs: its name and its parameters. */
static int module_furnish(struct mh_module *module, const struct memhp_module *stamp, struct mh_error *reterr)
{
	int ret = 0;

	mh_module_name(module->path, stamp->self->name, sizeof(stamp->self->name));
	for (size_t i = 0; ret == 0 && i < module->argument_count; i++) {
		free(module->values[i]); /* of the mapping before this one */
		module->values[i] = strdup(module->arguments[i]);
		if (!module->values[i])
			return mh_error_set(reterr, -ENOMEM, "%s: no memory for its parameters", module->path);
		ret = mh_module_param_set(stamp, module->path, module->values[i], reterr);
	}
	return ret;
}

static int module_start(struct mh_module *module, struct mh_error *reterr)
{
	const struct memhp_module *stamp = dlsym(module->handle, "memhp_module");
	int ret;

	/* Only a file that was exchanged since its image was read. */
	if (!stamp || stamp->abi != MEMHP_MODULE_ABI)
		return mh_error_set(reterr, -EINVAL, "%s: no module_init(): nothing to run", module->path);
	ret = module_furnish(module, stamp, reterr);
	if (ret < 0)
		return ret;
	mh_kapi_load();
	mh_kapi_count_as(MH_KAPI_INIT);
	ret = stamp->init();
	mh_kapi_count_as(MH_KAPI_THREAD);
	if (!ret)
		return 0;
	if (check_left(module, -ECANCELED, "its init failed", reterr) < 0)
		return -ECANCELED;
	mh_kapi_alloc_end(is_place_of, module);
	return mh_error_set(reterr, -ECANCELED, "%s: its init returned %d", module->path, ret);
}

static void module_free(struct mh_module *module)
{
	if (module->handle)
		dlclose(module->handle);
	for (size_t i = 0; i < module->argument_count; i++) {
		free(module->arguments[i]);
		free(module->values[i]);
	}
	free(module->arguments);
	free(module->values);
	free(module->path);
	free(module);
}

static int take_arguments(struct mh_module *module, const struct mh_module_request *request)
{
	module->arguments = calloc(request->argument_count + 1, sizeof(module->arguments[0]));
	module->values = calloc(request->argument_count + 1, sizeof(module->values[0]));
	if (!module->arguments || !module->values)
		return -ENOMEM;
	for (; module->argument_count < request->argument_count; module->argument_count++) {
		module->arguments[module->argument_count] = strdup(request->arguments[module->argument_count]);
		if (!module->arguments[module->argument_count])
			return -ENOMEM;
	}
	return 0;
}

int mh_module_load_with(struct mh_machine *machine, const struct mh_module_request *request,
			struct mh_module **ret_module, struct mh_error *reterr)
{
	struct mh_module *module = calloc(1, sizeof(*module));
	const char *path = request->path;
	int ret;

	if (!module)
		return mh_error_set(reterr, -ENOMEM, "%s: no memory", path);
	module->machine = machine;
	ret = take_arguments(module, request);
	/* dlopen() searches its path for a name without a slash. */
	if (ret == 0 && asprintf(&module->path, "%s%s", strchr(path, '/') ? "" : "./", path) < 0)
		module->path = NULL;
	if (!module->path)
		ret = mh_error_set(reterr, -ENOMEM, "%s: no memory", path);
	if (ret == 0)
		ret = module_map(module, reterr);
	if (ret == 0)
		ret = module_start(module, reterr);
	if (ret < 0) {
		module_free(module);
		return ret;
	}
	mh_mutex_lock(&loaded.lock);
	module->next = loaded.first;
	loaded.first = module;
	mh_mutex_unlock(&loaded.lock);
	*ret_module = module;
	return 0;
}

int mh_module_load(struct mh_machine *machine, const char *path, struct mh_module **ret_module, struct mh_error *reterr)
{
	const struct mh_module_request request = {.path = path};

	return mh_module_load_with(machine, &request, ret_module, reterr);
}

/* Who holds it may call it at any time: as in the kernel its exit is not even run. */
static int check_users(struct mh_module *module, struct mh_error *reterr)
{
	const struct memhp_module *stamp = dlsym(module->handle, "memhp_module");
	/* Acquire: pairs with the release of the last module_put(). */
	int users = __atomic_load_n(&stamp->self->memhp_users, __ATOMIC_ACQUIRE);

	if (!users)
		return 0;
	keep_mapped(module);
	return mh_error_set(reterr, -EBUSY,
			    "%s: still held %d times: each try_module_get() wants its module_put(); the module stays "
			    "loaded",
			    module->path, users);
}

static int module_stop(struct mh_module *module, struct mh_error *reterr)
{
	void (*const *exit_function)(void);
	int ret;

	/* A reload that failed has stopped it. */
	if (!module->handle)
		return 0;
	ret = check_users(module, reterr);
	if (ret < 0)
		return ret;
	exit_function = dlsym(module->handle, "memhp_module_exit");
	mh_kapi_count_as(MH_KAPI_EXIT);
	if (exit_function)
		(*exit_function)();
	mh_kapi_count_as(MH_KAPI_THREAD);
	ret = check_left(module, -EBUSY, "its exit", reterr);
	if (ret == 0)
		mh_kapi_alloc_end(is_place_of, module);
	return ret;
}

bool mh_module_has_exit(const struct mh_module *module)
{
	return dlsym(module->handle, "memhp_module_exit");
}

static void take_off(const struct mh_module *module, struct mh_chain *chain)
{
	const struct mh_listener *listener;

	for (uint32_t id = 0; (listener = mh_chain_listener(chain, id)); id++)
		if (atomic_load(&listener->sequence) && comes_from(module, listener->nb))
			(void)mh_chain_unregister(chain, listener->nb);
}

void mh_module_take_off(struct mh_module *module)
{
	take_off(module, &module->machine->chain);
	if (module->machine->protocol->node_chain)
		take_off(module, &module->machine->node_chain);
}

int mh_module_unload(struct mh_module *module, struct mh_error *reterr)
{
	struct mh_module **at = &loaded.first;
	int ret;

	mh_mutex_lock(&loaded.lock);
	while (*at != module)
		at = &(*at)->next;
	*at = module->next;
	mh_mutex_unlock(&loaded.lock);
	ret = module_stop(module, reterr);
	module_free(module);
	return ret;
}

/* "hello" and "hello.1" are of hello.so. */
static bool has_listener(const struct mh_module *module, const char *listener)
{
	char name[NAME_MAX + 1];
	size_t length;

	mh_module_name(module->path, name, sizeof(name));
	length = strlen(name);
	return strncmp(listener, name, length) == 0 && (listener[length] == '\0' || listener[length] == '.');
}

static struct mh_module *find_loaded(const struct mh_machine *machine, const char *listener)
{
	for (struct mh_module *module = loaded.first; module; module = module->next)
		if (module->machine == machine && module->handle && has_listener(module, listener))
			return module;
	return NULL;
}

static int module_restart(struct mh_module *module, uint64_t away_ns, struct mh_error *reterr)
{
	int ret = module_stop(module, reterr);

	if (ret < 0)
		return ret;
	dlclose(module->handle);
	module->handle = NULL;
	if (away_ns)
		mh_sleep_ns(away_ns);
	ret = module_map(module, reterr);
	if (ret == 0)
		ret = module_start(module, reterr);
	if (ret < 0 && module->handle) {
		dlclose(module->handle);
		module->handle = NULL;
	}
	return ret;
}

int mh_module_reload(struct mh_machine *machine, const char *listener, uint64_t away_ns, struct mh_error *reterr)
{
	struct mh_module *module;
	int ret;

	mh_mutex_lock(&loaded.lock);
	module = find_loaded(machine, listener);
	if (module)
		ret = module_restart(module, away_ns, reterr);
	else
		ret = mh_error_set(reterr, -ENOENT, "no loaded module has a listener '%s'", listener);
	mh_mutex_unlock(&loaded.lock);
	return ret;
}
