/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a module's file: what is found, and files that were cut or flipped, which must give a sentence.
 */
#include "core/module_image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include <memhp/kernel.h>

#include "core/module.h"
#include "machine_fixture.h"

#define PATH_SIZE 4096
#define CUT_STEP  64
#define FLIP_STEP 61 /* bits; prime to a byte, so that each place of a bit in its byte is met */

TestSuite(module_image, .timeout = 300);

struct file {
	char path[PATH_SIZE];
	unsigned char *bytes;
	size_t size;
	char copy[32]; /* what is changed */
};

static void file_begin(struct file *file, const char *name)
{
	char program[PATH_SIZE - 64];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	FILE *stream;

	cr_assert_gt(length, 0);
	program[length] = 0;
	*strrchr(program, '/') = 0;
	snprintf(file->path, sizeof(file->path), "%s/../fixtures/%s.so", program, name);
	stream = fopen(file->path, "rb");
	cr_assert_not_null(stream, "%s", file->path);
	fseek(stream, 0, SEEK_END);
	file->size = (size_t)ftell(stream);
	rewind(stream);
	file->bytes = malloc(file->size);
	cr_assert_eq(fread(file->bytes, 1, file->size, stream), file->size);
	fclose(stream);
	strcpy(file->copy, "/tmp/module_image.XXXXXX");
	close(mkstemp(file->copy));
}

static void file_end(struct file *file)
{
	unlink(file->copy);
	free(file->bytes);
}

static void file_write(const struct file *file, size_t size)
{
	FILE *stream = fopen(file->copy, "wb");

	cr_assert_not_null(stream);
	cr_assert_eq(fwrite(file->bytes, 1, size, stream), size);
	cr_assert_eq(fclose(stream), 0);
}

/* One line, and the code that is returned. */
static void expect_sentence(int ret, const struct mh_error *error, const char *what, size_t at)
{
	cr_expect_lt(ret, 0, "%s at %zu: %d", what, at, ret);
	cr_expect_eq(error->code, ret, "%s at %zu: %d, the error's code is %d", what, at, ret, error->code);
	cr_expect_gt(strlen(error->text), 20, "%s at %zu: '%s'", what, at, error->text);
	cr_expect_null(strchr(error->text, '\n'), "%s at %zu: '%s'", what, at, error->text);
}

static void expect_image(const char *name, struct mh_module_image expected)
{
	struct mh_module_image image;
	struct mh_error error;
	struct file file;

	file_begin(&file, name);
	cr_assert_eq(mh_module_image_read(file.path, &image, &error), 0, "%s", error.text);
	cr_expect_eq(image.has_stamp, expected.has_stamp, "%s: stamp %d", name, image.has_stamp);
	cr_expect_eq(image.has_own_copy, expected.has_own_copy, "%s: own copy %d", name, image.has_own_copy);
	cr_expect_eq(image.abi, expected.abi, "%s: abi %u, expected %u", name, image.abi, expected.abi);
	cr_expect_eq(image.compat, expected.compat, "%s: compat %u, expected %u", name, image.compat, expected.compat);
	file_end(&file);
}

Test(module_image, tells_the_stamp_and_what_is_brought_along)
{
	expect_image("good", (struct mh_module_image){true, MEMHP_MODULE_ABI, 61, false});
	expect_image("foreign_abi", (struct mh_module_image){true, MEMHP_MODULE_ABI + 1, 61, false});
	expect_image("foreign_compat", (struct mh_module_image){true, MEMHP_MODULE_ABI, 61 + 1, false});
	expect_image("own_copy", (struct mh_module_image){true, MEMHP_MODULE_ABI, 61, true});
	expect_image("no_init", (struct mh_module_image){false, 0, 0, false});
	expect_image("sysv_hash", (struct mh_module_image){true, MEMHP_MODULE_ABI, 61, false});
}

/* Through the whole loader: what the dynamic linker maps of a file that was cut would be a SIGBUS. */
Test(module_image, a_file_that_was_cut_is_refused_with_a_sentence)
{
	struct mh_machine_config config = fixture_config();
	struct mh_module *module;
	struct fixture fixture;
	struct file file;
	size_t refused = 0;

	file_begin(&file, "foreign_abi"); /* whole, it is refused as well: none may run */
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	for (size_t size = 0; size < file.size; size += CUT_STEP) {
		struct mh_error error = {.code = 0};
		int ret;

		file_write(&file, size);
		ret = mh_module_load(fixture.machine, file.copy, &module, &error);
		expect_sentence(ret, &error, "cut", size);
		refused += ret == -ENOEXEC;
	}
	cr_expect_gt(refused, 10, "%zu", refused);
	fixture_end(&fixture);
	file_end(&file);
}

static void expect_no_crash_at(struct file *file, size_t bit)
{
	struct mh_error error = {.code = 0};
	struct mh_module_image image;
	int ret;

	file->bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	file_write(file, file->size);
	file->bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	ret = mh_module_image_read(file->copy, &image, &error);
	if (ret)
		expect_sentence(ret, &error, "flipped", bit);
}

/* All of the file, with both kinds of hash table. */
static void expect_no_crash_by_flips(const char *name)
{
	struct file file;

	file_begin(&file, name);
	for (size_t bit = 0; bit < 8 * file.size; bit += FLIP_STEP)
		expect_no_crash_at(&file, bit);
	file_end(&file);
}

Test(module_image, a_flipped_bit_gives_a_sentence_or_nothing)
{
	expect_no_crash_by_flips("good");
	expect_no_crash_by_flips("sysv_hash");
}

Test(module_image, what_is_no_file_is_refused)
{
	struct mh_error error = {.code = 0};
	struct mh_module_image image;

	cr_expect_eq(mh_module_image_read("/", &image, &error), -ENOEXEC, "%s", error.text);
	cr_expect_not_null(strstr(error.text, "no regular file"), "%s", error.text);
	cr_expect_eq(mh_module_image_read("/no/such/file", &image, &error), -ENOENT, "%s", error.text);
	cr_expect_eq(mh_module_image_read("/proc/self/exe", &image, &error), 0, "%s", error.text);
}
