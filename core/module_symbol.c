/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/module_symbol.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file, mapped. */
struct file {
	const unsigned char *bytes;
	uint64_t size;
};

static bool lies_within(const struct file *file, uint64_t offset, uint64_t size)
{
	return offset <= file->size && size <= file->size - offset;
}

/* Section @index, which lies in the file whole; NULL: there is none. */
static const ElfW(Shdr) * section(const struct file *file, const ElfW(Ehdr) * header, unsigned index)
{
	const ElfW(Shdr) * found;

	if (index >= header->e_shnum || header->e_shentsize != sizeof(*found) ||
	    header->e_shoff % _Alignof(ElfW(Shdr)) != 0 ||
	    !lies_within(file, header->e_shoff, (uint64_t)header->e_shnum * sizeof(*found)))
		return NULL;
	found = (const ElfW(Shdr) *)(const void *)(file->bytes + header->e_shoff) + index;
	return lies_within(file, found->sh_offset, found->sh_size) ? found : NULL;
}

static bool is_function_at(const ElfW(Sym) * symbol, uintptr_t address)
{
	return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF &&
	       symbol->st_value == address;
}

/* The name in @strings, whose end is looked for in them; NULL: it has none. */
static const char *name_in(const struct file *file, const ElfW(Shdr) * strings, uint64_t at)
{
	const char *name = (const char *)file->bytes + strings->sh_offset + at;

	return at < strings->sh_size && memchr(name, '\0', strings->sh_size - at) ? name : NULL;
}

/* Of the table @symbols. */
static const char *find_in(const struct file *file, const ElfW(Ehdr) * header, const ElfW(Shdr) * symbols,
			   uintptr_t address)
{
	const ElfW(Shdr) *strings = section(file, header, symbols->sh_link);
	const ElfW(Sym) * symbol;

	if (!strings || symbols->sh_offset % _Alignof(ElfW(Sym)) != 0)
		return NULL;
	symbol = (const ElfW(Sym) *)(const void *)(file->bytes + symbols->sh_offset);
	for (uint64_t i = 0; i < symbols->sh_size / sizeof(*symbol); i++)
		if (is_function_at(&symbol[i], address))
			return name_in(file, strings, symbol[i].st_name);
	return NULL;
}

static const char *find(const struct file *file, uintptr_t address)
{
	const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)(const void *)file->bytes;

	if (!lies_within(file, 0, sizeof(*header)) || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
		return NULL;
	for (unsigned i = 0; i < header->e_shnum; i++) {
		const ElfW(Shdr) *symbols = section(file, header, i);

		if (symbols && symbols->sh_type == SHT_SYMTAB)
			return find_in(file, header, symbols, address);
	}
	return NULL;
}

static int map(const char *path, struct file *ret_file, struct mh_error *reterr)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status = {.st_size = 0};
	void *bytes = MAP_FAILED;
	int error;

	if (fd >= 0 && fstat(fd, &status) == 0)
		bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	error = errno;
	if (fd >= 0)
		(void)close(fd);
	if (bytes == MAP_FAILED)
		return mh_error_set(reterr, -error, "%s: cannot be read: %s", path, strerror(error));
	*ret_file = (struct file){bytes, (uint64_t)status.st_size};
	return 0;
}

int mh_module_symbol(const char *path, uintptr_t address, char *ret_name, size_t size, struct mh_error *reterr)
{
	struct file file = {NULL, 0};
	const char *name;
	int ret = map(path, &file, reterr);

	if (ret < 0)
		return ret;
	name = find(&file, address);
	if (!name)
		ret = mh_error_set(reterr, -ENOENT,
				   "%s: no symbol of a function at %#lx: compile it anew, without -s and without strip",
				   path, (unsigned long)address);
	else if (strlen(name) >= size)
		ret = mh_error_set(reterr, -ENAMETOOLONG, "%s: its function '%.60s…' has too long a name", path, name);
	else
		strcpy(ret_name, name);
	(void)munmap((void *)file.bytes, file.size);
	return ret;
}
