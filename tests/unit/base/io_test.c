/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files whole or not at all, with a sentence that names them; /dev/full is the full disk. */
#include "base/io.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

static char folder[64];
static char path[128];

static void make_folder(void)
{
	strcpy(folder, "/tmp/memhp-io-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
}

static unsigned entry_count(const char *name)
{
	unsigned count = 0;
	DIR *dir = opendir(name);

	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2; /* "." and ".." */
}

static void remove_folder(void)
{
	unlink(path);
	rmdir(folder);
}

TestSuite(io, .init = make_folder, .fini = remove_folder);

Test(io, reads_what_was_written)
{
	char *data = NULL;
	size_t size = 0;

	cr_assert_eq(mh_file_write(path, "one\0two", 7, NULL), 0);
	cr_assert_eq(mh_file_read(path, 7, &data, &size, NULL), 0);
	cr_assert_eq(size, 7);
	cr_assert_eq(memcmp(data, "one\0two", 8), 0, "no NUL behind the data");
	free(data);
	cr_assert_eq(entry_count(folder), 1, "the temporary file is left");
}

Test(io, reads_an_empty_file_as_nothing)
{
	char *data = NULL;
	size_t size = 1;

	cr_assert_eq(mh_file_write(path, "", 0, NULL), 0);
	cr_assert_eq(mh_file_read(path, 10, &data, &size, NULL), 0);
	cr_assert_eq(size, 0);
	cr_assert_str_eq(data, "");
	free(data);
}

Test(io, reads_a_file_larger_than_a_step)
{
	static char large[300000];
	char *data = NULL;
	size_t size = 0;

	memset(large, 'x', sizeof(large));
	cr_assert_eq(mh_file_write(path, large, sizeof(large), NULL), 0);
	cr_assert_eq(mh_file_read(path, sizeof(large), &data, &size, NULL), 0);
	cr_assert_eq(size, sizeof(large));
	cr_assert_eq(memcmp(data, large, size), 0);
	free(data);
}

Test(io, appends_behind_what_is_there)
{
	struct mh_error error;
	char *data = NULL;
	size_t size = 0;

	cr_assert_eq(mh_file_append(path, "one", 3, NULL), 0);
	cr_assert_eq(mh_file_append(path, "two", 3, NULL), 0);
	cr_assert_eq(mh_file_read(path, 100, &data, &size, NULL), 0);
	cr_assert_str_eq(data, "onetwo");
	free(data);
	cr_assert_eq(mh_file_append("/dev/full", "x", 1, &error), -ENOSPC);
	cr_assert_not_null(strstr(error.text, "/dev/full"), "%s", error.text);
}

Test(io, copies_a_file_larger_than_a_step_and_leaves_nothing_else)
{
	static char large[300000];
	char copy[160], *data = NULL;
	size_t size = 0;

	memset(large, 'x', sizeof(large));
	snprintf(copy, sizeof(copy), "%s/copy", folder);
	cr_assert_eq(mh_file_write(path, large, sizeof(large), NULL), 0);
	cr_assert_eq(mh_file_copy(path, copy, NULL), 0);
	cr_assert_eq(mh_file_read(copy, sizeof(large), &data, &size, NULL), 0);
	cr_assert_eq(size, sizeof(large));
	cr_assert_eq(memcmp(data, large, size), 0);
	free(data);
	cr_assert_eq(entry_count(folder), 2);
	unlink(copy);
}

Test(io, copies_no_link_no_folder_and_not_over_a_full_disk)
{
	struct mh_error error;
	char link[160];

	snprintf(link, sizeof(link), "%s/link", folder);
	cr_assert_eq(symlink("/etc/passwd", link), 0);
	cr_assert_eq(mh_file_copy(link, path, &error), -ELOOP);
	cr_assert_eq(mh_file_copy("/tmp", path, &error), -EISDIR);
	cr_assert_eq(mh_file_copy("/dev/zero", path, &error), -EINVAL);
	cr_assert_eq(mh_file_copy("/nonexistent", path, &error), -ENOENT);
	unlink(link);
	cr_assert_eq(entry_count(folder), 0, "a temporary file is left");
}

Test(io, refuses_a_file_beyond_the_bound)
{
	struct mh_error error;
	char *data = NULL;
	size_t size = 0;
	char expected[256];

	cr_assert_eq(mh_file_write(path, "12345678", 8, NULL), 0);
	cr_assert_eq(mh_file_read(path, 7, &data, &size, &error), -EFBIG);
	snprintf(expected, sizeof(expected), "cannot read '%s': it has 8 bytes, more than 7", path);
	cr_assert_str_eq(error.text, expected);
	cr_assert_null(data);
}

Test(io, bounds_a_file_that_hides_its_size)
{
	struct mh_error error;
	char *data = NULL;
	size_t size = 0;

	cr_assert_eq(mh_file_read("/proc/self/maps", 10, &data, &size, &error), -EFBIG, "%s", error.text);
	cr_assert_eq(mh_file_read("/proc/self/maps", 1 << 20, &data, &size, &error), 0, "%s", error.text);
	cr_assert_gt(size, 10);
	free(data);
}

Test(io, names_a_file_that_is_missing_or_none)
{
	struct mh_error error;
	char *data = NULL;
	size_t size;

	cr_expect_eq(mh_file_read("/tmp/memhp-none", 10, &data, &size, &error), -ENOENT);
	cr_expect_str_eq(error.text, "cannot read '/tmp/memhp-none': No such file or directory");
	cr_expect_eq(mh_file_read("/", 10, &data, &size, &error), -EISDIR);
	cr_expect_str_eq(error.text, "cannot read '/': it is a folder");
	cr_expect_eq(mh_file_read("/dev/zero", 10, &data, &size, &error), -EINVAL);
	cr_expect_str_eq(error.text, "cannot read '/dev/zero': it is no regular file");
}

Test(io, does_not_wait_at_a_pipe, .timeout = 5)
{
	char *data = NULL;
	size_t size;

	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_assert_eq(mh_file_read(path, 10, &data, &size, NULL), -EINVAL);
}

/* A file-size limit fails the write in the middle, as a full disk does. */
Test(io, leaves_the_old_file_and_nothing_else_when_a_write_fails)
{
	static char large[100000];
	struct rlimit limit = {.rlim_cur = 5000, .rlim_max = RLIM_INFINITY}, before;
	struct mh_error error;
	char *data = NULL;
	size_t size = 0;

	cr_assert_eq(mh_file_write(path, "old", 3, NULL), 0);
	getrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	int ret = mh_file_write(path, large, sizeof(large), &error);

	limit.rlim_cur = before.rlim_cur;
	setrlimit(RLIMIT_FSIZE, &limit);
	cr_assert_eq(ret, -EFBIG, "got %d", ret);
	cr_assert_eq(strncmp(error.text, "cannot write '/tmp/memhp-io-", 28), 0, "%s", error.text);
	cr_assert_eq(mh_file_read(path, 10, &data, &size, NULL), 0);
	cr_assert_str_eq(data, "old");
	free(data);
	cr_assert_eq(entry_count(folder), 1);
}

Test(io, cannot_write_into_a_folder_that_is_missing)
{
	struct mh_error error;

	cr_assert_eq(mh_file_write("/tmp/memhp-none/file", "x", 1, &error), -ENOENT);
	cr_assert_str_eq(error.text, "cannot write '/tmp/memhp-none/file': No such file or directory");
}

Test(io, a_stream_holds_what_was_printed)
{
	struct mh_stream stream;
	char *data = NULL;
	size_t size;

	cr_assert_eq(mh_stream_open(&stream, path, NULL), 0);
	mh_stream_print(&stream, "%d\n", 1);
	cr_assert_eq(mh_stream_flush(&stream, NULL), 0);
	mh_stream_write(&stream, "2\n", 2);
	cr_assert_eq(mh_stream_close(&stream, NULL), 0);
	cr_assert_eq(mh_file_read(path, 100, &data, &size, NULL), 0);
	cr_assert_str_eq(data, "1\n2\n");
	free(data);
}

Test(io, a_stream_tells_of_a_full_disk_and_keeps_telling)
{
	struct mh_stream stream;
	struct mh_error error;

	cr_assert_eq(mh_stream_open(&stream, "/dev/full", NULL), 0);
	mh_stream_print(&stream, "lost");
	cr_assert_eq(mh_stream_flush(&stream, &error), -ENOSPC);
	cr_assert_str_eq(error.text, "cannot write '/dev/full': No space left on device");
	mh_stream_print(&stream, "also lost");
	cr_assert_eq(mh_stream_close(&stream, &error), -ENOSPC);
}

Test(io, a_failed_stream_keeps_what_was_flushed_whole)
{
	struct rlimit limit = {.rlim_cur = 10, .rlim_max = RLIM_INFINITY}, before;
	struct mh_stream stream;
	char *data = NULL;
	size_t size;

	getrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(mh_stream_open(&stream, path, NULL), 0);
	mh_stream_print(&stream, "whole\n");
	cr_assert_eq(mh_stream_flush(&stream, NULL), 0);
	setrlimit(RLIMIT_FSIZE, &limit);
	mh_stream_print(&stream, "half-written\n");
	int ret = mh_stream_close(&stream, NULL);

	limit.rlim_cur = before.rlim_cur;
	setrlimit(RLIMIT_FSIZE, &limit);
	cr_assert_eq(ret, -EFBIG, "got %d", ret);
	cr_assert_eq(mh_file_read(path, 100, &data, &size, NULL), 0);
	cr_assert_str_eq(data, "whole\n", "got '%s'", data);
	free(data);
}

Test(io, a_stream_that_never_opened_closes)
{
	struct mh_stream stream;

	cr_assert_eq(mh_stream_open(&stream, "/tmp/memhp-none/file", NULL), -ENOENT);
	mh_stream_print(&stream, "unheard");
	cr_assert_eq(mh_stream_close(&stream, NULL), 0);
}

Test(io, makes_an_empty_folder_or_takes_one)
{
	cr_assert_eq(mh_folder_make_empty(path, NULL), 0);
	cr_assert_eq(mh_folder_make_empty(path, NULL), 0);
	rmdir(path);
}

Test(io, does_not_take_a_folder_with_files)
{
	struct mh_error error;
	char expected[256];

	cr_assert_eq(mh_file_write(path, "x", 1, NULL), 0);
	cr_assert_eq(mh_folder_make_empty(folder, &error), -ENOTEMPTY);
	snprintf(expected, sizeof(expected), "the folder '%s' is not empty: name one that does not exist", folder);
	cr_assert_str_eq(error.text, expected);
	cr_assert_eq(mh_folder_make_empty(path, &error), -ENOTDIR, "%s", error.text);
}

Test(io, makes_a_folder_only_inside_one_that_exists)
{
	cr_assert_eq(mh_folder_make_empty("/tmp/memhp-none/inner", NULL), -ENOENT);
}

Test(io, makes_parents_where_it_is_asked_to)
{
	char inner[200];
	struct stat status;

	snprintf(inner, sizeof(inner), "%s/a/b", folder);
	cr_assert_eq(mh_folder_make(inner, NULL), 0);
	cr_assert_eq(mh_folder_make(inner, NULL), 0);
	cr_assert_eq(stat(inner, &status), 0);
	rmdir(inner);
	*strrchr(inner, '/') = '\0';
	rmdir(inner);
	cr_assert_eq(mh_file_write(path, "x", 1, NULL), 0);
	snprintf(inner, sizeof(inner), "%s/inner", path);
	cr_assert_eq(mh_folder_make(inner, NULL), -ENOTDIR);
	cr_assert_eq(mh_folder_make("", NULL), -ENOENT);
}

/* Source of the first three: FIPS 180-4 examples; the lengths around 56 and 64 are where padding changes. */
/* Sizes around a block, and around a piece that is read at once. */
Test(io, sha256_of_a_file_is_that_of_its_bytes)
{
	static const size_t sizes[] = {0, 1, 63, 64, 65, 65535, 65536, 65537, 200000};
	static unsigned char bytes[200000];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 31 + i / 251);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char place[] = "/tmp/memhp-unit-XXXXXX", hex[65], expected[65];
		int fd = mkstemp(place);
		uint64_t size = 1;

		cr_assert(fd >= 0 && write(fd, bytes, sizes[i]) == (ssize_t)sizes[i]);
		unlink(place);
		cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
		cr_assert_eq(mh_sha256_read(fd, &size, hex), 0);
		close(fd);
		mh_sha256_hex(bytes, sizes[i], expected);
		cr_expect_eq(size, sizes[i]);
		cr_expect_str_eq(hex, expected, "%zu bytes", sizes[i]);
	}
}

Test(io, sha256_gives_the_known_answers)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"1234567890123456789012345678901234567890123456789012345",
		 "03c3a70e99ed5eeccd80f73771fcf1ece643d939d9ecc76f25544b0233f708e9"},
		{"1234567890123456789012345678901234567890123456789012345678901234",
		 "676491965ed3ec50cb7a63ee96315480a95c54426b0b72bca8a0d4ad1285ad55"},
	};
	char hex[65];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mh_sha256_hex(rows[i].text, strlen(rows[i].text), hex);
		cr_expect_str_eq(hex, rows[i].hex, "'%s': %s", rows[i].text, hex);
	}
}
