/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every kind of fault that the scenario language names is there, and no other.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "faults/fault.h"

static const char *const names[] = {
	"notifier-veto",   "notifier-stop",  "notifier-errno", "notifier-delay", "notifier-stall", "notifier-reenter",
	"notifier-mutate", "notifier-crash", "event-drop",     "event-repeat",   "alloc-fail",     "page-pin",
	"migrate-fail",    "isolate-fail",   "dissolve-fail",  "signal",         "lock-hold",      "reader-stall",
	"thread-kill",     "node-flap",      "module-unload",  "block-corrupt",
};

#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

static bool is_named(const char *name)
{
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

Test(fault_kinds, each_of_the_language_is_there)
{
	for (size_t i = 0; i < NAME_COUNT; i++)
		cr_expect_not_null(mh_fault_kind_find(names[i]), "'%s'", names[i]);
}

Test(fault_kinds, nothing_else_is_there)
{
	cr_expect_eq(mh_fault_kind_count(), NAME_COUNT);
	for (unsigned i = 0; i < mh_fault_kind_count(); i++)
		cr_expect(is_named(mh_fault_kind_at(i)->name), "'%s'", mh_fault_kind_at(i)->name);
}
