/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/replay_injector.h"

#include <string.h>

#include "bench/kernel/module.h"

static int note_module(const struct mh_kernel_replay_injector *injector, bool found, const char *name,
		       struct mh_kernel_journal *journal, struct mh_error *reterr)
{
	if (found || !injector->possible)
		return 0;
	return mh_kernel_journal_note(journal, MH_KERNEL_UNDO_MODULE, name, "", reterr);
}

static bool can_load(const struct mh_kernel_tree *tree, const char *release, bool found, const char *name)
{
	return found || mh_kernel_module_is_there(tree, release, name);
}

int mh_kernel_replay_injector_open(struct mh_kernel_replay_injector *injector, const struct mh_kernel_tree *tree,
				   const char *release, struct mh_kernel_journal *journal, struct mh_error *reterr)
{
	const bool base_found = mh_kernel_module_is_loaded(tree, MH_KERNEL_INJECTOR_BASE);
	const bool found = mh_kernel_module_is_loaded(tree, MH_KERNEL_INJECTOR_MODULE);
	int ret;

	*injector = (struct mh_kernel_replay_injector){
		.tree = tree,
		.release = release,
		.base_found = base_found,
		.found = found,
		.possible = can_load(tree, release, base_found, MH_KERNEL_INJECTOR_BASE) &&
			    can_load(tree, release, found, MH_KERNEL_INJECTOR_MODULE),
	};
	/* The one needs the other: it goes first, and so is noted last. */
	ret = note_module(injector, base_found, MH_KERNEL_INJECTOR_BASE, journal, reterr);
	if (ret == 0)
		ret = note_module(injector, found, MH_KERNEL_INJECTOR_MODULE, journal, reterr);
	return ret == 0 && found ? mh_kernel_injector_open(tree, journal, reterr) : ret;
}

static int disarm(const struct mh_kernel_replay_injector *injector, struct mh_error *reterr)
{
	int ret = mh_kernel_injector_set(injector->tree, MH_GOING_ONLINE, 0, reterr);

	return ret == 0 ? mh_kernel_injector_set(injector->tree, MH_GOING_OFFLINE, 0, reterr) : ret;
}

static int unload(const struct mh_kernel_replay_injector *injector, bool found, const char *name,
		  struct mh_error *reterr)
{
	if (found || !mh_kernel_module_is_loaded(injector->tree, name))
		return 0;
	return mh_kernel_module_unload(injector->tree, name, reterr);
}

int mh_kernel_replay_injector_reset(const struct mh_kernel_replay_injector *injector, struct mh_error *reterr)
{
	int ret = 0;

	if (!injector->possible)
		return 0;
	if (injector->found)
		ret = disarm(injector, reterr);
	if (ret == 0)
		ret = unload(injector, injector->found, MH_KERNEL_INJECTOR_MODULE, reterr);
	if (ret == 0)
		ret = unload(injector, injector->base_found, MH_KERNEL_INJECTOR_BASE, reterr);
	return ret;
}

static int load(const struct mh_kernel_replay_injector *injector, const char *name, struct mh_error *reterr)
{
	if (mh_kernel_module_is_loaded(injector->tree, name))
		return 0;
	return mh_kernel_module_load(injector->tree, injector->release, name, "", reterr);
}

int mh_kernel_replay_injector_load(const struct mh_kernel_replay_injector *injector, struct mh_error *reterr)
{
	int ret = load(injector, MH_KERNEL_INJECTOR_BASE, reterr);

	if (ret == 0)
		ret = load(injector, MH_KERNEL_INJECTOR_MODULE, reterr);
	return ret == 0 ? disarm(injector, reterr) : ret;
}

static bool is_module(const char *name, const char *module)
{
	for (; *name && *module; name++, module++)
		if (*name != *module && !(*name == '-' && *module == '_'))
			return false;
	return *name == *module;
}

const char *mh_kernel_replay_injector_module(const char *name)
{
	if (is_module(name, MH_KERNEL_INJECTOR_MODULE))
		return MH_KERNEL_INJECTOR_MODULE;
	return is_module(name, MH_KERNEL_INJECTOR_BASE) ? MH_KERNEL_INJECTOR_BASE : NULL;
}
