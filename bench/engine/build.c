/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The build's own description: the linker's build id, and what cmake passed to this file alone.
 */
#include "bench/engine/build.h"

#include <link.h>
#include <stdio.h>
#include <string.h>

#include "core/machine.h"

#ifndef MH_BUILD_GIT
#define MH_BUILD_GIT ""
#endif
#ifndef MH_BUILD_CFLAGS
#define MH_BUILD_CFLAGS ""
#endif

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZER "address"
#elif defined(__SANITIZE_THREAD__)
#define SANITIZER "thread"
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SANITIZER "thread"
#elif __has_feature(address_sanitizer)
#define SANITIZER "address"
#endif
#endif
#ifndef SANITIZER
#define SANITIZER "none"
#endif

/* ELF note type of a GNU build id, elf.h. */
static int find_build_id(struct dl_phdr_info *info, size_t size, void *data)
{
	char *hex = data;

	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		const char *at = (const char *)(info->dlpi_addr + header->p_vaddr);
		const char *end = at + header->p_memsz;

		while (header->p_type == PT_NOTE && at + sizeof(ElfW(Nhdr)) <= end) {
			const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)(const void *)at;
			const unsigned char *name = (const unsigned char *)(note + 1);
			const unsigned char *id = name + ((note->n_namesz + 3) & ~3u);

			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && !memcmp(name, "GNU", 4)) {
				for (unsigned n = 0; n < note->n_descsz && n < 20; n++)
					sprintf(hex + n * 2, "%02x", id[n]);
				return 1;
			}
			at = (const char *)(id + ((note->n_descsz + 3) & ~3u));
		}
	}
	return 1; /* the first object is the program itself */
}

void mh_build_describe(struct mh_result *result)
{
	static char build_id[41];

	if (!build_id[0])
		dl_iterate_phdr(find_build_id, build_id);
	result->binary = (struct mh_result_binary){
		.build_id = build_id[0] ? build_id : NULL,
		.version = MH_BUILD_VERSION,
		.git = MH_BUILD_GIT[0] ? MH_BUILD_GIT : NULL,
		.compiler = __VERSION__,
		.cflags = MH_BUILD_CFLAGS[0] ? MH_BUILD_CFLAGS : NULL,
		.sanitizer = SANITIZER,
		.hooks = mh_machine_has_hooks(),
	};
}
