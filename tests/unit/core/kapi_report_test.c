/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each rule of a module that can be broken, broken by one, and told as a violation of the machine it is bound to.
 */
#include "core/kapi_report.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "core/kapi.h"
#include "kapi_fixture.h"

static const struct row {
	const char *module;
	struct kapi_misdeed misdeed;
} rows[] = {
	{"lock_misdeeds", {"mutex_released_unheld", MH_KAPI_RULE_LOCK, "nobody holds it"}},
	{"lock_misdeeds", {"mutex_under_spinlock", MH_KAPI_RULE_SLEEP, "with the spinlock '&drv_spin' held"}},
	{"bug_misdeeds", {"warns", MH_KAPI_RULE_WARN, "bug_misdeeds.c:15: WARN_ON(always)"}},
	{"bug_misdeeds", {"warns_in_words", MH_KAPI_RULE_WARN, "bug_misdeeds.c:22: 3 of 7"}},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

ParameterizedTestParameters(kapi_report, is_a_violation_under_its_rule)
{
	static int indices[ROWS];

	for (int i = 0; i < (int)ROWS; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, ROWS);
}

ParameterizedTest(int *index, kapi_report, is_a_violation_under_its_rule)
{
	const struct row *row = &rows[*index];
	struct kapi_fixture fixture;
	struct mh_error error;
	struct mh_module *module;

	kapi_begin(&fixture);
	mh_kapi_report_to(NULL);
	module = kapi_load(&fixture, row->module);
	kapi_call(row->module, row->misdeed.function);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	cr_expect_eq(fixture_violations(&fixture.machine, row->misdeed.rule), 1, "%s: the first is: %s",
		     row->misdeed.rule, fixture_first_violation(&fixture.machine));
	cr_expect_not_null(strstr(fixture_first_violation(&fixture.machine), row->misdeed.told), "%s",
			   fixture_first_violation(&fixture.machine));
	kapi_end(&fixture);
}

static void tell_on_stdout(void *data, const char *rule, const char *text)
{
	(void)data;
	printf("%s: %s\n", rule, text);
	fflush(stdout);
}

/* In the child: tells what is reported, and must not come back. */
static void run_into_bug(struct kapi_fixture *fixture, int out)
{
	const struct mh_kapi_sink sink = {.report = tell_on_stdout};

	(void)kapi_load(fixture, "bug_misdeeds");
	dup2(out, STDOUT_FILENO);
	signal(SIGABRT, SIG_DFL);
	mh_kapi_report_to(&sink);
	kapi_call("bug_misdeeds", "hits_a_bug");
	_exit(0);
}

Test(kapi_report, a_bug_is_told_and_ends_the_program)
{
	struct kapi_fixture fixture;
	int out[2], status;
	char told[512] = "";
	pid_t child;

	kapi_begin(&fixture);
	cr_assert_eq(pipe(out), 0);
	child = fork();
	if (child == 0)
		run_into_bug(&fixture, out[1]);
	close(out[1]);
	cr_assert_geq(read(out[0], told, sizeof(told) - 1), 0);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "status %#x", (unsigned)status);
	cr_expect_not_null(strstr(told, "module-bug: BUG at "), "'%s'", told);
	cr_expect_not_null(strstr(told, "BUG_ON(always)"), "'%s'", told);
	close(out[0]);
	kapi_end(&fixture);
}
