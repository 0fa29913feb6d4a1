/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kapi_fixture.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "core/kapi.h"
#include "core/kapi_report.h"

/* The build puts tests/fixtures/modules into fixtures/ beside the folder of this program. */
void kapi_path(const char *name, char path[KAPI_PATH_SIZE])
{
	char program[KAPI_PATH_SIZE - 64];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	cr_assert_gt(length, 0);
	program[length] = 0;
	*strrchr(program, '/') = 0;
	snprintf(path, KAPI_PATH_SIZE, "%s/../fixtures/%s.so", program, name);
}

static void keep_report(void *data, const char *rule, const char *text)
{
	struct kapi_fixture *fixture = data;

	mh_mutex_lock(&fixture->lock);
	if (fixture->report_count < KAPI_REPORTS_MAX) {
		struct kapi_report *report = &fixture->reports[fixture->report_count++];

		report->rule = rule;
		snprintf(report->text, sizeof(report->text), "%s", text);
	}
	mh_mutex_unlock(&fixture->lock);
}

static struct mh_kapi_sink sink = {.report = keep_report};

void kapi_begin(struct kapi_fixture *fixture)
{
	struct mh_machine_config config = fixture_config();

	kapi_begin_with(fixture, &config);
}

void kapi_begin_with(struct kapi_fixture *fixture, const struct mh_machine_config *config)
{
	fixture->report_count = 0;
	mh_mutex_init(&fixture->lock);
	fixture_begin(&fixture->machine, THREE_BLOCKS, config);
	mh_kapi_bind(fixture->machine.machine);
	sink.data = fixture;
	mh_kapi_report_to(&sink);
}

void kapi_end(struct kapi_fixture *fixture)
{
	mh_kapi_report_to(NULL);
	mh_kapi_bind(NULL);
	fixture_end(&fixture->machine);
	mh_mutex_release(&fixture->lock);
}

struct mh_module *kapi_load(struct kapi_fixture *fixture, const char *name)
{
	struct mh_module *module = NULL;
	struct mh_error error = {.code = 0};
	char path[KAPI_PATH_SIZE];

	kapi_path(name, path);
	cr_assert_eq(mh_module_load(fixture->machine.machine, path, &module, &error), 0, "%s", error.text);
	return module;
}

void *kapi_symbol(const char *name, const char *symbol)
{
	char path[KAPI_PATH_SIZE];
	void *handle, *found;

	kapi_path(name, path);
	handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
	cr_assert_not_null(handle, "%s is not loaded", name);
	found = dlsym(handle, symbol);
	cr_assert_not_null(found, "%s has no %s", name, symbol);
	dlclose(handle);
	return found;
}

void kapi_call(const char *name, const char *function)
{
	void *symbol = kapi_symbol(name, function);
	void (*call)(void);

	memcpy(&call, &symbol, sizeof(call));
	call();
}

void kapi_expect_report(struct kapi_fixture *fixture, const char *rule, const char *told)
{
	bool found = false;

	mh_mutex_lock(&fixture->lock);
	for (unsigned i = 0; i < fixture->report_count; i++) {
		cr_expect_str_eq(fixture->reports[i].rule, rule, "%s: %s", fixture->reports[i].rule,
				 fixture->reports[i].text);
		found |= strstr(fixture->reports[i].text, told) != NULL;
	}
	cr_expect(found, "no report of %u tells '%s'; the first: %s", fixture->report_count, told,
		  fixture->report_count ? fixture->reports[0].text : "none");
	mh_mutex_unlock(&fixture->lock);
}

void kapi_expect_silence(struct kapi_fixture *fixture)
{
	mh_mutex_lock(&fixture->lock);
	for (unsigned i = 0; i < fixture->report_count; i++)
		cr_expect(false, "%s: %s", fixture->reports[i].rule, fixture->reports[i].text);
	mh_mutex_unlock(&fixture->lock);
}

void kapi_forget_reports(struct kapi_fixture *fixture)
{
	mh_mutex_lock(&fixture->lock);
	fixture->report_count = 0;
	mh_mutex_unlock(&fixture->lock);
}

void kapi_expect_sound(const char *name)
{
	struct kapi_fixture fixture;
	struct mh_error error;

	kapi_begin(&fixture);
	cr_expect_eq(mh_module_unload(kapi_load(&fixture, name), &error), 0, "%s", error.text);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}

void kapi_expect_misdeed(const char *name, const struct kapi_misdeed *misdeed)
{
	struct kapi_fixture fixture;
	struct mh_error error;
	struct mh_module *module;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, name);
	kapi_expect_silence(&fixture);
	kapi_call(name, misdeed->function);
	(void)mh_module_unload(module, &error);
	kapi_expect_report(&fixture, misdeed->rule, misdeed->told);
	kapi_end(&fixture);
}
