/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result folder: made whole, told apart from what is none, and never leading out of itself. */
#include "results/folder.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "sample.h"

static struct mh_result_folder_request request_for(const char *path)
{
	return (struct mh_result_folder_request){
		.path = path,
		.name = "first-run",
		.version = "0.1.0",
		.seed = 0x5eed,
		.start_unix_ns = UINT64_C(1767225600123456789),
	};
}

/* A folder with one finished run that has one file. */
static void make_folder(const char *path, struct mh_result_folder *folder)
{
	struct mh_result_folder_request request = request_for(path);
	struct mh_error error = {0};
	char *run, file[512];

	cr_assert_eq(mh_result_folder_create(&request, folder, &error), 0, "%s", error.text);
	cr_assert_eq(mh_result_folder_begin_run(folder, "main", 1, &run, &error), 0, "%s", error.text);
	snprintf(file, sizeof(file), "%s/run.json", run);
	cr_assert_eq(mh_file_write(file, "abc", 3, NULL), 0);
	free(run);
	cr_assert_eq(mh_result_folder_end_run(folder, "main", 1, MH_RUN_OK, &error), 0, "%s", error.text);
}

Test(folder, is_read_as_it_was_written)
{
	char *parent = sample_folder(), path[256];
	struct mh_result_folder folder, back;
	struct mh_error error = {0};

	snprintf(path, sizeof(path), "%s/out", parent);
	make_folder(path, &folder);
	cr_assert_eq(mh_result_folder_write(&folder, "report.txt", "", 0, NULL), 0);
	cr_assert_eq(mh_result_folder_discard_run(&folder, "main", 1, "steal was 3 %", &error), 0, "%s", error.text);
	cr_expect_eq(mh_result_folder_discard_run(&folder, "main", 2, "steal", &error), -ENOENT);
	cr_assert_eq(mh_result_folder_finish(&folder, MH_RUN_INVALID, &error), 0, "%s", error.text);
	cr_assert_eq(mh_result_folder_open(path, &back, &error), 0, "%s", error.text);
	cr_expect_str_eq(back.name, "first-run");
	cr_expect_str_eq(back.version, "0.1.0");
	cr_expect_str_eq(back.id, folder.id);
	cr_expect_eq(back.seed, 0x5eedu);
	cr_expect_eq(back.status, MH_RUN_INVALID);
	cr_expect_not(back.running);
	cr_assert_eq(back.run_count, 1u);
	cr_expect_str_eq(back.runs[0].cell, "main");
	cr_expect_str_eq(back.runs[0].run, "run-001");
	cr_expect_eq(back.runs[0].status, MH_RUN_OK);
	cr_expect_str_eq(back.runs[0].discarded, "steal was 3 %");
	cr_assert_eq(back.file_count, 2u, "%zu", back.file_count);
	cr_expect_str_eq(back.files[0].path, "cells/main/run-001/run.json");
	cr_expect_eq(back.files[0].size, 3u);
	/* FIPS 180-2: SHA-256 of "abc", and of nothing. */
	cr_expect_str_eq(back.files[0].sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	cr_expect_str_eq(back.files[1].sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	mh_result_folder_release(&back);
	mh_result_folder_release(&folder);
	sample_folder_remove(parent);
}

Test(folder, of_two_sides_says_where_they_are)
{
	char *parent = sample_folder(), path[256];
	struct mh_result_folder folder, back;
	struct mh_error error = {0};

	snprintf(path, sizeof(path), "%s/a", parent);
	make_folder(path, &folder);
	cr_expect_eq(mh_result_folder_open(parent, &back, &error), -ENOENT);
	cr_expect(strstr(error.text, "/a' or '"), "%s", error.text);
	mh_result_folder_release(&folder);
	sample_folder_remove(parent);
}

Test(folder, that_was_left_in_the_middle_counts_as_aborted)
{
	char *parent = sample_folder(), path[256], *run;
	struct mh_result_folder_request request;
	struct mh_result_folder folder, back;
	struct mh_error error = {0};

	snprintf(path, sizeof(path), "%s/out/", parent);
	request = request_for(path);
	cr_assert_eq(mh_result_folder_create(&request, &folder, &error), 0, "%s", error.text);
	cr_assert_eq(mh_result_folder_begin_run(&folder, "nodes=2,chain=rcu-list", 12, &run, &error), 0);
	cr_assert_eq(mh_result_folder_open(path, &back, &error), 0, "%s", error.text);
	cr_expect(back.running);
	cr_expect_eq(back.status, MH_RUN_ABORTED);
	cr_expect(back.runs[0].running);
	cr_expect_str_eq(back.runs[0].run, "run-012");
	cr_expect_eq(access(run, F_OK), 0);
	free(run);
	mh_result_folder_release(&back);
	mh_result_folder_release(&folder);
	sample_folder_remove(parent);
}

Test(folder, takes_an_empty_place_and_no_other)
{
	char *parent = sample_folder(), path[256];
	struct mh_result_folder_request request;
	struct mh_result_folder folder, second;
	struct mh_error error = {0};

	request = request_for(parent); /* exists, and is empty */
	cr_assert_eq(mh_result_folder_create(&request, &folder, &error), 0, "%s", error.text);
	cr_expect_eq(mh_result_folder_create(&request, &second, &error), -ENOTEMPTY);
	cr_expect(strstr(error.text, parent), "%s", error.text);
	snprintf(path, sizeof(path), "%s/manifest.json", parent);
	request = request_for(path);
	cr_expect_eq(mh_result_folder_create(&request, &second, &error), -ENOTDIR, "%s", error.text);
	request = request_for("/proc/nowhere");
	cr_expect_lt(mh_result_folder_create(&request, &second, &error), 0);
	mh_result_folder_release(&folder);
	sample_folder_remove(parent);
}

Test(folder, has_a_name_of_its_own_by_default)
{
	char *parent = sample_folder();
	struct mh_result_folder_request request = request_for(NULL);
	struct mh_result_folder folder;
	struct mh_error error = {0};

	cr_assert_eq(chdir(parent), 0);
	cr_assert_eq(mh_result_folder_create(&request, &folder, &error), 0, "%s", error.text);
	cr_expect_eq(strncmp(folder.path, "./first-run-20260101T000000Z-", 29), 0, "%s", folder.path);
	cr_expect_eq(access(folder.path, F_OK), 0);
	mh_result_folder_release(&folder);
	cr_assert_eq(chdir("/"), 0);
	sample_folder_remove(parent);
}

Test(folder, refuses_cells_that_are_no_names)
{
	static const char *const names[] = {"", "..", ".", "a/b", "/etc", "a b", "a\nb", ".hidden"};
	char *parent = sample_folder(), *run;
	struct mh_result_folder_request request = request_for(parent);
	struct mh_result_folder folder;
	struct mh_error error = {0};

	cr_assert_eq(mh_result_folder_create(&request, &folder, &error), 0, "%s", error.text);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect_eq(mh_result_folder_begin_run(&folder, names[i], 1, &run, &error), -EINVAL, "'%s'", names[i]);
	mh_result_folder_release(&folder);
	sample_folder_remove(parent);
}

Test(folder, says_what_is_no_result_folder)
{
	char *parent = sample_folder(), path[256];
	struct mh_result_folder folder;
	struct mh_error error = {0};

	cr_expect_eq(mh_result_folder_open(parent, &folder, &error), -ENOENT);
	cr_expect(strstr(error.text, "no result folder"), "%s", error.text);
	snprintf(path, sizeof(path), "%s/absent", parent);
	cr_expect_eq(mh_result_folder_open(path, &folder, &error), -ENOENT);
	snprintf(path, sizeof(path), "%s/manifest.json", parent);
	cr_assert_eq(mh_file_write(path, "{}", 2, NULL), 0);
	cr_expect_eq(mh_result_folder_open(path, &folder, &error), -ENOTDIR);
	cr_expect_eq(mh_result_folder_open(parent, &folder, &error), -EINVAL);
	cr_expect(strstr(error.text, "schema"), "%s", error.text);
	sample_folder_remove(parent);
}

/* A manifest whose names would lead elsewhere. */
Test(folder, does_not_follow_names_out_of_itself)
{
	static const char *const rows[][2] = {
		{"\"id\": \"main\"", "\"id\": \"../../etc\""},
		{"\"id\": \"main\"", "\"id\": \"..\""},
		{"\"run-001\"", "\"../../x\""},
		{"\"run-001\"", "\"run-\""},
		{"\"run-001\"", "\"run-001/..\""},
		{"\"status\": \"ok\"", "\"status\": \"good\""},
	};
	char *parent = sample_folder(), path[256];
	struct mh_result_folder folder, back;
	struct mh_error error = {0};
	size_t size;
	char *text;

	make_folder(parent, &folder);
	snprintf(path, sizeof(path), "%s/manifest.json", parent);
	cr_assert_eq(mh_file_read(path, 1 << 20, &text, &size, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *at = strstr(text, rows[i][0]);
		struct mh_text changed = MH_TEXT_INIT;

		cr_assert(at, "row %zu", i);
		mh_text_append(&changed, text, (size_t)(at - text));
		mh_text_add(&changed, "%s%s", rows[i][1], at + strlen(rows[i][0]));
		cr_assert_eq(mh_file_write(path, changed.data, changed.length, NULL), 0);
		cr_expect_eq(mh_result_folder_open(parent, &back, &error), -EINVAL, "row %zu was read", i);
		mh_text_release(&changed);
	}
	free(text);
	mh_result_folder_release(&folder);
	sample_folder_remove(parent);
}
