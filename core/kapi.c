/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a module finds in its host. A listener is named after the module file that its callback comes from: FILE, then
 * FILE.1 … in order of registration; one that is registered again keeps its name.
 *
 * kapi.lock guards the log; kapi.machine changes only between runs.
 */
#include "core/kapi.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <memhp/kapi_text.h>
#include <memhp/kernel.h>

#include "core/kapi_count.h"
#include "core/kapi_node.h"
#include "core/kapi_report.h"
#include "core/machine_private.h"
#include "core/module.h"

/* Bytes of log kept until they are taken; what comes after is counted and told. */
#define LOG_MAX (64u << 10)

static struct {
	struct mh_machine *machine;
	struct mh_mutex lock;
	struct mh_text log;
	unsigned long dropped;
} kapi = {.lock = MH_MUTEX_INIT, .log = MH_TEXT_INIT};

void mh_kapi_bind(struct mh_machine *machine)
{
	kapi.machine = machine;
	mh_kapi_nodes_begin(machine);
}

struct mh_machine *mh_kapi_machine(void)
{
	return kapi.machine;
}

/* "raw_errno" for a callback in ".../raw_errno.so". */
static void module_name_of(notifier_fn_t call, char *ret_name, size_t size)
{
	Dl_info info = {.dli_fname = NULL};

	if (!dladdr((void *)(uintptr_t)call, &info) || !info.dli_fname)
		info.dli_fname = "module";
	mh_module_name(info.dli_fname, ret_name, size);
}

static bool name_is_used(const struct mh_chain *chain, const struct notifier_block *nb, const char *name)
{
	for (uint32_t id = 0; mh_chain_listener(chain, id); id++)
		if (chain->listeners[id]->nb != nb && strcmp(chain->listeners[id]->name, name) == 0)
			return true;
	return false;
}

static void listener_name_of(const struct mh_chain *chain, const struct notifier_block *nb, char *ret_name, size_t size)
{
	char module[MH_LISTENER_NAME_SIZE / 2];

	module_name_of(nb->notifier_call, module, sizeof(module));
	snprintf(ret_name, size, "%s", module);
	for (unsigned n = 1; name_is_used(chain, nb, ret_name); n++)
		snprintf(ret_name, size, "%s.%u", module, n);
}

/* The registration of @nb that stands, under chain->writer; NULL: none. */
static const struct mh_listener *standing(const struct mh_chain *chain, const struct notifier_block *nb)
{
	for (uint32_t id = 0; mh_chain_listener(chain, id); id++)
		if (chain->listeners[id]->nb == nb && atomic_load(&chain->listeners[id]->sequence))
			return chain->listeners[id];
	return NULL;
}

static void report_registered_twice(struct mh_chain *chain, const struct notifier_block *nb)
{
	const struct mh_listener *listener;
	char name[MH_LISTENER_NAME_SIZE] = "";
	int priority = 0;

	mh_mutex_lock(&chain->writer);
	listener = standing(chain, nb);
	if (listener) {
		memcpy(name, listener->name, sizeof(name));
		priority = listener->priority;
	}
	mh_mutex_unlock(&chain->writer);
	if (name[0] && nb->priority > priority)
		mh_kapi_report(MH_KAPI_RULE_REGISTER,
			       "listener '%s' was registered with priority %d, raised to %d, and registered again: "
			       "-EEXIST here; where another listener stands between the two priorities Linux does not "
			       "find it, links it twice, and its next walk has no end",
			       name, priority, nb->priority);
	else if (name[0])
		mh_kapi_report(MH_KAPI_RULE_REGISTER, "listener '%s' was registered while it is registered: -EEXIST",
			       name);
}

static int register_on(struct mh_chain *chain, struct notifier_block *nb)
{
	char name[MH_LISTENER_NAME_SIZE];
	int ret;

	if (!chain)
		return -ENODEV;
	/* Names are written by a register of another thread, under this lock. */
	mh_mutex_lock(&chain->writer);
	listener_name_of(chain, nb, name, sizeof(name));
	mh_mutex_unlock(&chain->writer);
	ret = mh_chain_register(chain, nb, name);
	if (ret == -EDEADLK)
		mh_check_violated(kapi.machine, NULL, "unregister-in-walk",
				  "listener '%s' was registered from inside a callback: the kernel would hang", name);
	else if (ret == -EEXIST)
		report_registered_twice(chain, nb);
	return ret;
}

static void unregister_from(struct mh_chain *chain, struct notifier_block *nb)
{
	if (!chain || mh_chain_unregister(chain, nb) != -EDEADLK)
		return;
	mh_check_violated(kapi.machine, NULL, "unregister-in-walk",
			  "a listener of priority %d was unregistered from inside a callback: the kernel would hang",
			  nb->priority);
}

static struct mh_chain *memory_chain(void)
{
	return kapi.machine ? mh_machine_chain(kapi.machine) : NULL;
}

static struct mh_chain *node_chain(void)
{
	return kapi.machine ? mh_machine_node_chain(kapi.machine) : NULL;
}

int register_memory_notifier(struct notifier_block *nb)
{
	mh_kapi_count(MH_KAPI_CALL_REGISTER_MEMORY_NOTIFIER);
	return register_on(memory_chain(), nb);
}

void unregister_memory_notifier(struct notifier_block *nb)
{
	mh_kapi_count(MH_KAPI_CALL_UNREGISTER_MEMORY_NOTIFIER);
	unregister_from(memory_chain(), nb);
}

int register_node_notifier(struct notifier_block *nb)
{
	mh_kapi_count(MH_KAPI_CALL_REGISTER_NODE_NOTIFIER);
	return register_on(node_chain(), nb);
}

void unregister_node_notifier(struct notifier_block *nb)
{
	mh_kapi_count(MH_KAPI_CALL_UNREGISTER_NODE_NOTIFIER);
	unregister_from(node_chain(), nb);
}

/* KERN_ERR and its kin are a byte 1 and a digit in front of the text; the level is not shown. */
static const char *without_level(const char *line)
{
	return line[0] == '\1' && line[1] ? line + 2 : line;
}

void memhp_printk(const char *format, ...)
{
	const char *text;

	char line[1024];
	va_list arguments;

	mh_kapi_count(MH_KAPI_CALL_PRINTK);
	va_start(arguments, format);
	memhp_vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	text = without_level(line);
	mh_mutex_lock(&kapi.lock);
	if (kapi.log.length + strlen(text) <= LOG_MAX)
		mh_text_append(&kapi.log, text, strlen(text));
	else
		kapi.dropped++;
	mh_mutex_unlock(&kapi.lock);
}

void mh_kapi_take_log(struct mh_text *text)
{
	mh_mutex_lock(&kapi.lock);
	mh_text_append(text, kapi.log.data, kapi.log.length);
	if (kapi.dropped)
		mh_text_add(text, "(%lu more lines of modules were dropped)\n", kapi.dropped);
	mh_text_clear(&kapi.log);
	kapi.dropped = 0;
	mh_mutex_unlock(&kapi.lock);
}
