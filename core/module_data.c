/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Areas come from the dynamic linker, names from the file's own table of symbols, which also has the static ones. The
 * file was judged when it was loaded; what is read of it here is checked against its end all the same.
 */
#include "core/module_data.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/module_private.h"

/* A notifier has some hundred. */
#define SYMBOLS_MAX (1u << 20)

struct search {
	uintptr_t base; /* what a symbol's value is relative to */
	struct mh_module_area *areas;
	unsigned count;
};

static int visit_object(struct dl_phdr_info *object, size_t size, void *data)
{
	struct search *search = data;

	(void)size;
	if (object->dlpi_addr != search->base)
		return 0;
	for (unsigned i = 0; i < object->dlpi_phnum && search->count < MH_MODULE_AREAS_MAX; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_W)
			search->areas[search->count++] = (struct mh_module_area){
				(unsigned char *)(object->dlpi_addr + segment->p_vaddr), segment->p_memsz};
	}
	return 1;
}

unsigned mh_module_areas(const struct mh_module *module, struct mh_module_area *ret_areas)
{
	struct search search = {.base = mh_module_base(module), .areas = ret_areas};

	(void)dl_iterate_phdr(visit_object, &search);
	return search.count;
}

/* A part of the file, or NULL. */
static void *read_part(int file, uint64_t offset, size_t size)
{
	void *part = malloc(size + 1);

	if (part && pread(file, part, size, (off_t)offset) == (ssize_t)size) {
		((char *)part)[size] = '\0';
		return part;
	}
	free(part);
	return NULL;
}

struct symbols {
	ElfW(Sym) * table;
	size_t count;
	char *names;
	size_t names_size;
};

static int read_symbols(int file, struct symbols *ret_symbols)
{
	ElfW(Ehdr) *header = read_part(file, 0, sizeof(*header));
	ElfW(Shdr) *sections = header ? read_part(file, header->e_shoff, header->e_shnum * sizeof(*sections)) : NULL;

	for (unsigned i = 0; sections && i < header->e_shnum; i++) {
		const ElfW(Shdr) *section = &sections[i];

		if (section->sh_type != SHT_SYMTAB || section->sh_link >= header->e_shnum ||
		    section->sh_size / sizeof(ElfW(Sym)) > SYMBOLS_MAX)
			continue;
		ret_symbols->count = section->sh_size / sizeof(ElfW(Sym));
		ret_symbols->table = read_part(file, section->sh_offset, section->sh_size);
		ret_symbols->names_size = sections[section->sh_link].sh_size;
		ret_symbols->names =
			read_part(file, sections[section->sh_link].sh_offset, sections[section->sh_link].sh_size);
	}
	free(header);
	free(sections);
	return ret_symbols->table && ret_symbols->names ? 0 : -ENOENT;
}

static const ElfW(Sym) * find_symbol(const struct symbols *symbols, uintptr_t value)
{
	for (size_t i = 0; i < symbols->count; i++) {
		const ElfW(Sym) *symbol = &symbols->table[i];

		if (ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT && value >= symbol->st_value &&
		    value - symbol->st_value < symbol->st_size && symbol->st_name < symbols->names_size)
			return symbol;
	}
	return NULL;
}

int mh_module_variable(const struct mh_module *module, const void *place, char *ret_name, size_t size)
{
	uintptr_t value = (uintptr_t)place - mh_module_base(module);
	struct symbols symbols = {NULL};
	const ElfW(Sym) *symbol = NULL;
	int file = open(mh_module_path(module), O_RDONLY | O_CLOEXEC);

	snprintf(ret_name, size, "?");
	if (file >= 0 && read_symbols(file, &symbols) == 0)
		symbol = find_symbol(&symbols, value);
	if (symbol && value == symbol->st_value)
		snprintf(ret_name, size, "%s", symbols.names + symbol->st_name);
	else if (symbol)
		snprintf(ret_name, size, "%s+%zu", symbols.names + symbol->st_name, (size_t)(value - symbol->st_value));
	free(symbols.table);
	free(symbols.names);
	if (file >= 0)
		close(file);
	return symbol ? 0 : -ENOENT;
}
