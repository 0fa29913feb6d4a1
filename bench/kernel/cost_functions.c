/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/cost_functions.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/listeners.h"

/* Several functions of one step: all that a kernel has; what one of them spends within another is counted once. */
static const struct {
	const char *step, *function;
} steps[] = {
	{"online_pages", "online_pages"}, {"offline_pages", "offline_pages"},
	{"drain", "zone_pcp_disable"},    {"drain", "lru_cache_disable"},
	{"drain", "drain_all_pages"},     {"isolate", "start_isolate_page_range"},
	{"migrate", "do_migrate_range"},  {"migrate", "do_migrate_range.isra.0"},
	{"migrate", "migrate_pages"},     {"migrate", "dissolve_free_huge_pages"},
};

/* Of drivers and of older and newer kernels; the presets have the others. */
static const char *const more_listeners[] = {
	"migrate_on_reclaim_callback",   "page_ext_callback",  "hmat_callback",       "virtio_mem_notifier_cb",
	"virtio_mem_memory_notifier_cb", "hv_memory_notifier", "xen_memory_notifier", "cmm_memory_cb",
	"notifier_err_inject_callback",
};

static bool has(const struct mh_kernel_cost_functions *functions, const char *name)
{
	for (size_t i = 0; i < functions->count; i++)
		if (strcmp(functions->names[i], name) == 0)
			return true;
	return false;
}

static int add(struct mh_kernel_cost_functions *functions, const char *name, const char *step)
{
	if (functions->count == MH_KERNEL_FUNCTIONS_MAX)
		return -E2BIG;
	functions->names[functions->count] = name;
	functions->steps[functions->count++] = step;
	return 0;
}

/* Those that several presets have once. */
static int add_presets(struct mh_kernel_cost_functions *functions)
{
	size_t count;
	const struct mh_listener_preset *presets = mh_listener_presets(&count);
	int ret = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; ret == 0 && j < presets[i].count; j++)
			if (!has(functions, presets[i].listeners[j].name))
				ret = add(functions, presets[i].listeners[j].name, NULL);
	for (size_t i = 0; ret == 0 && i < sizeof(more_listeners) / sizeof(more_listeners[0]); i++)
		if (!has(functions, more_listeners[i]))
			ret = add(functions, more_listeners[i], NULL);
	return ret;
}

static bool is_function(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:";

	return *name && strlen(name) < MH_COST_NAME && name[strspn(name, letters)] == '\0';
}

/* First, so that they have the first numbers: one that is known anyway is the user's then. */
static int add_named(struct mh_kernel_cost_functions *functions, const char *const *listeners, size_t count,
		     struct mh_error *reterr)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < count; i++) {
		if (!is_function(listeners[i]))
			return mh_error_set(reterr, -EINVAL, "'%s' is no function of a kernel, such as my_callback",
					    listeners[i]);
		if (has(functions, listeners[i]))
			return mh_error_set(reterr, -EINVAL, "listener '%s' is given twice", listeners[i]);
		ret = add(functions, listeners[i], NULL);
	}
	return ret;
}

int mh_kernel_cost_functions_make(struct mh_kernel_cost_functions *functions, const char *const *listeners,
				  size_t listener_count, struct mh_error *reterr)
{
	int ret;

	*functions = (struct mh_kernel_cost_functions){.count = 0};
	ret = add_named(functions, listeners, listener_count, reterr);
	if (ret == -EINVAL)
		return ret;
	for (size_t i = 0; ret == 0 && i < sizeof(steps) / sizeof(steps[0]); i++)
		ret = add(functions, steps[i].function, steps[i].step);
	if (ret == 0)
		ret = add_presets(functions);
	return ret == 0 ? 0
			: mh_error_set(reterr, ret, "more than %d functions cannot be probed at once",
				       MH_KERNEL_FUNCTIONS_MAX);
}

static bool is_first_of_step(const struct mh_kernel_cost_functions *functions, size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (functions->steps[i] && strcmp(functions->steps[i], functions->steps[number]) == 0)
			return false;
	return true;
}

void mh_kernel_cost_functions_show(const struct mh_kernel_cost_functions *functions, struct mh_text *text)
{
	bool any = false;

	for (size_t i = 0; i < functions->count; i++) {
		if (!functions->steps[i] || !is_first_of_step(functions, i))
			continue;
		mh_text_add(text, "%s%s", any ? " " : "", functions->steps[i]);
		any = true;
	}
}

static bool is_step_seen(const struct mh_kernel_cost_functions *functions, const char *step)
{
	for (size_t i = 0; i < functions->count; i++)
		if (functions->steps[i] && strcmp(functions->steps[i], step) == 0 && functions->errors[i] == 0)
			return true;
	return false;
}

static const char *reason_of(int error)
{
	return error == -ENOENT ? "this kernel has no such function" : "this kernel does not let it be probed";
}

/* Its functions, each with its reason. */
static int tell_step(const struct mh_kernel_cost_functions *functions, const char *step, struct mh_costs *costs)
{
	struct mh_text text = MH_TEXT_INIT;
	int ret;

	mh_text_add(&text, "step %s", step);
	for (size_t i = 0; i < functions->count; i++)
		if (functions->steps[i] && strcmp(functions->steps[i], step) == 0)
			mh_text_add(&text, ", %s: %s", functions->names[i], reason_of(functions->errors[i]));
	ret = text.failed ? -ENOMEM : mh_costs_add_unseen(costs, text.data);
	mh_text_release(&text);
	return ret;
}

static int tell_listener(const struct mh_kernel_cost_functions *functions, size_t number, struct mh_costs *costs)
{
	char sentence[256];

	snprintf(sentence, sizeof(sentence), "listener %s: %s%s", functions->names[number],
		 reason_of(functions->errors[number]),
		 functions->errors[number] == -ENOENT ? "" : ", and what it takes is in the walk's own time");
	return mh_costs_add_unseen(costs, sentence);
}

int mh_kernel_cost_functions_tell(const struct mh_kernel_cost_functions *functions, size_t listener_count,
				  struct mh_costs *costs)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < functions->count; i++) {
		const char *step = functions->steps[i];

		if (step && is_first_of_step(functions, i) && !is_step_seen(functions, step))
			ret = tell_step(functions, step, costs);
		if (!step && functions->errors[i] && (i < listener_count || functions->errors[i] != -ENOENT))
			ret = tell_listener(functions, i, costs);
	}
	return ret;
}
