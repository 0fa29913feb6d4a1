/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenarios for tests: the files of the tree, and files made of text.
 */
#ifndef TESTS_SCENARIO_FIXTURE_H
#define TESTS_SCENARIO_FIXTURE_H

#include <stddef.h>

#include "bench/engine/plan.h"

/* A name, a chain of one listener, one workload and one phase: good as it stands, and to be added to. */
#define SCENARIO_HEAD                                                                                                  \
	"name: t\nchain: {notifiers: [{name: a}]}\nworkloads:\n  - {name: toggle, kind: hotplug-cycle}\n"              \
	"phases:\n  - {name: steady, role: measure, ops: 10}\n"

/* "tests/fixtures/scenarios/bad" and the like, from the top of the tree; static memory, one at a time. */
const char *scenario_path(const char *below_top);

/* Loads a file; on failure *ret_plan is NULL. *ret_messages is malloc'ed. */
int scenario_load(const char *path, struct mh_plan **ret_plan, char **ret_messages);

/* Writes @size bytes to a new file and loads that; the file is gone afterwards. Its name in messages is "t.yaml". */
int scenario_load_text(const char *text, size_t size, struct mh_plan **ret_plan, char **ret_messages);

/* Loads text that must be good, with one -D KEY=VALUE unless @key is NULL; fails the test when it is not. */
struct mh_plan *scenario_good(const char *text, const char *key, const char *value);

/* Loads text that must be refused with -EINVAL; the messages, malloc'ed. */
char *scenario_refused(const char *text, const char *key, const char *value);

#endif
