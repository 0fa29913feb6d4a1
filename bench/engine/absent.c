/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of what is to come: a row leaves it when its kind or key arrives. */
#include "bench/engine/absent.h"

#include <string.h>

static const struct {
	const char *schema, *key;
} absent_keys[] = {
	{"machine", "movable_node"},
	{"machine", "auto_movable_ratio"},
	{"notifier", "node_priority"},
};

const char *const mh_absent_faults[] = {
	"notifier-stall",
	"notifier-reenter",
	"notifier-mutate",
	"notifier-crash",
	"event-drop",
	"event-repeat",
	"alloc-fail",
	"page-pin",
	"migrate-fail",
	"isolate-fail",
	"dissolve-fail",
	"signal",
	"lock-hold",
	"reader-stall",
	"thread-kill",
	"node-flap",
	"module-unload",
	"block-corrupt",
	NULL,
};

const char *const mh_absent_workloads[] = {
	"hotplug-storm", "alloc-burst", "alloc-fill", "page-pin", "page-walk",
	"chain-call",    "rcu-reader",  "mem-reader", NULL,
};

bool mh_absent_key(const char *schema, const char *key)
{
	for (size_t i = 0; i < sizeof(absent_keys) / sizeof(absent_keys[0]); i++)
		if (strcmp(absent_keys[i].schema, schema) == 0 && strcmp(absent_keys[i].key, key) == 0)
			return true;
	return false;
}

bool mh_absent_kind(const char *const *kinds, const char *name)
{
	for (; *kinds; kinds++)
		if (strcmp(*kinds, name) == 0)
			return true;
	return false;
}
