/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fixture modules (tests/fixtures/modules) under test: loaded on a small machine, their functions called by name, and
 * what they are reported for.
 */
#ifndef TESTS_UNIT_CORE_KAPI_FIXTURE_H
#define TESTS_UNIT_CORE_KAPI_FIXTURE_H

#include "core/module.h"
#include "machine_fixture.h"

#define KAPI_PATH_SIZE   4096
#define KAPI_REPORTS_MAX 16

struct kapi_report {
	const char *rule;
	char text[1024];
};

struct kapi_fixture {
	struct fixture machine;
	struct mh_mutex lock; /* guards reports */
	struct kapi_report reports[KAPI_REPORTS_MAX];
	unsigned report_count;
};

/* Where the build has put the module @name. */
void kapi_path(const char *name, char path[KAPI_PATH_SIZE]);

/* A machine of three blocks, to which modules are bound; reports are kept and not counted as violations. */
void kapi_begin(struct kapi_fixture *fixture);
void kapi_begin_with(struct kapi_fixture *fixture, const struct mh_machine_config *config);
void kapi_end(struct kapi_fixture *fixture);

/* Its init must return 0. */
struct mh_module *kapi_load(struct kapi_fixture *fixture, const char *name);
/* Of the module @name, which is loaded; valid until it is unloaded. */
void *kapi_symbol(const char *name, const char *symbol);
/* Calls void FUNCTION(void) of it. */
void kapi_call(const char *name, const char *function);

/* There is a report under @rule that tells @told, and none under another rule. */
void kapi_expect_report(struct kapi_fixture *fixture, const char *rule, const char *told);
void kapi_expect_silence(struct kapi_fixture *fixture);
void kapi_forget_reports(struct kapi_fixture *fixture);

/* Loads and unloads the module @name, which checks itself in its init: silence, and 0. */
void kapi_expect_sound(const char *name);

/* Misdeeds are functions of a module, called one by one. */
struct kapi_misdeed {
	const char *function, *rule, *told;
};
void kapi_expect_misdeed(const char *name, const struct kapi_misdeed *misdeed);

#endif
