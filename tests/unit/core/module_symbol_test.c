/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of a module's static functions: from the file of one that is loaded, and from files that tell none. */
#include "core/module_symbol.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "core/module.h"
#include "module_fixture.h"

#define FILE_SIZE_MAX (1u << 20)

/* Where in its file the callback of good.so is. */
static uintptr_t callback_of_good(char path[MODULE_PATH_SIZE])
{
	struct mh_module *module;
	struct fixture fixture;
	struct mh_error error;
	uintptr_t call;
	Dl_info info;

	module_fixture_begin(&fixture);
	module_fixture_path("good", path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	call = (uintptr_t)mh_chain_listener(mh_machine_chain(fixture.machine), 0)->nb->notifier_call;
	cr_assert(dladdr((void *)call, &info));
	call -= (uintptr_t)info.dli_fbase;
	cr_assert_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	module_fixture_end(&fixture);
	return call;
}

Test(module_symbol, names_a_static_function_by_its_place)
{
	char path[MODULE_PATH_SIZE], name[32];
	struct mh_error error;
	uintptr_t call = callback_of_good(path);

	cr_expect_eq(mh_module_symbol(path, call, name, sizeof(name), &error), 0, "%s", error.text);
	cr_expect_str_eq(name, "good_callback");
	cr_expect_eq(mh_module_symbol(path, call + 1, name, sizeof(name), &error), -ENOENT);
	cr_expect_not_null(strstr(error.text, "without strip"), "%s", error.text);
	cr_expect_eq(mh_module_symbol(path, call, name, sizeof("good_callback") - 1, &error), -ENAMETOOLONG);
	cr_expect_eq(mh_module_symbol("/no/such.so", call, name, sizeof(name), &error), -ENOENT);
	cr_expect_not_null(strstr(error.text, "cannot be read"), "%s", error.text);
}

static size_t read_whole(const char *path, unsigned char *bytes)
{
	FILE *file = fopen(path, "rb");
	size_t size = file ? fread(bytes, 1, FILE_SIZE_MAX, file) : 0;

	cr_assert_gt(size, sizeof(ElfW(Ehdr)));
	fclose(file);
	return size;
}

static void write_whole(const char *path, const unsigned char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	cr_assert_not_null(file);
	cr_assert_eq(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

/* A file that lies is no file with another name, and no crash. */
Test(module_symbol, a_file_that_was_cut_or_changed_has_no_symbol)
{
	static unsigned char bytes[FILE_SIZE_MAX];
	char path[MODULE_PATH_SIZE], copy[] = "/tmp/module_symbol.XXXXXX", name[32];
	uintptr_t call = callback_of_good(path);
	size_t size = read_whole(path, bytes);
	ElfW(Ehdr) *header = (ElfW(Ehdr) *)(void *)bytes;
	const uint64_t sections = header->e_shoff;
	struct mh_error error;

	close(mkstemp(copy));
	for (size_t cut = 1; cut < size; cut += 997) {
		write_whole(copy, bytes, cut);
		cr_expect_eq(mh_module_symbol(copy, call, name, sizeof(name), &error), -ENOENT, "cut at %zu", cut);
	}
	for (uint64_t at = 0; at < 4 * sizeof(ElfW(Shdr)); at++) {
		header->e_shoff = sections + at + 1;
		write_whole(copy, bytes, size);
		cr_expect_eq(mh_module_symbol(copy, call, name, sizeof(name), &error), -ENOENT, "moved by %d",
			     (int)at + 1);
	}
	unlink(copy);
}
