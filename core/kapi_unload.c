/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks each family what it has of the module. */
#include "core/kapi_unload.h"

#include <dlfcn.h>

#include "core/kapi_report.h"
#include "core/kapi_thread.h"
#include "core/module.h"

bool mh_kapi_is_of(const struct mh_kapi_leaving *leaving, const void *pointer)
{
	Dl_info info;

	return pointer && dladdr(pointer, &info) && info.dli_fbase == leaving->base;
}

struct finding {
	const struct mh_kapi_leaving *leaving;
	bool found;
	struct mh_kapi_held held;
};

static void take_held(struct mh_kapi_thread *thread, void *data)
{
	struct finding *finding = data;

	mh_mutex_lock(&thread->lock);
	for (unsigned i = 0; i < thread->held_count && !finding->found; i++) {
		struct mh_kapi_held *held = &thread->held[i];

		if (mh_kapi_held_is_gone(held) || !mh_kapi_is_of(finding->leaving, held->where))
			continue;
		finding->held = *held;
		finding->found = true;
		mh_kapi_held_disown(held);
	}
	mh_mutex_unlock(&thread->lock);
}

/* One at a time, for a report may not be made under the locks of the list. Bounded by what is held: each turn takes
 * one.
 */
static void end_held(const struct mh_kapi_leaving *leaving)
{
	struct finding finding = {.leaving = leaving};
	char text[MH_KAPI_HELD_TEXT];

	for (;;) {
		finding.found = false;
		mh_kapi_threads_each(take_held, &finding);
		if (!finding.found)
			return;
		mh_kapi_held_text(&finding.held, text, sizeof(text));
		mh_kapi_report(MH_KAPI_RULE_LOCK, "module '%s' is unloaded with %s", leaving->name, text);
	}
}

int mh_kapi_unload(const char *path, const void *symbol, struct mh_error *reterr)
{
	char name[64];
	struct mh_kapi_leaving leaving = {.name = name};
	Dl_info info;

	(void)reterr;
	mh_module_name(path, name, sizeof(name));
	if (!dladdr(symbol, &info))
		return 0;
	leaving.base = info.dli_fbase;
	end_held(&leaving);
	return 0;
}
