/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads by pread, each read checked against the file: a file that is cut, or that lies about where its parts are, gives
 * a sentence, and one that is cut meanwhile gives no SIGBUS.
 *
 * The way is the dynamic linker's: program headers, dynamic section, hash table, symbol. Section headers are not looked
 * at, for it does not either, and a file may come without them.
 */
#include "core/module_image.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memhp/kernel.h>

#include "base/assert.h"

/* A module has about ten. */
#define SEGMENTS_MAX 64
/* A module has about 25. */
#define DYNAMIC_MAX 1024
/* Symbols of one hash that are looked at: a table may be a ring. */
#define CHAIN_MAX 4096
#define NAME_SIZE 32

/* What is read at once: all of most modules, so that its some forty parts cost one call. */
#define HEAD_SIZE 32768

struct image {
	int file;
	uint64_t size;
	unsigned char head[HEAD_SIZE];
	size_t head_size;
	ElfW(Phdr) segments[SEGMENTS_MAX];
	unsigned segment_count;
	/* Addresses as in the file; 0: absent */
	uint64_t dynamic, symbols, strings, gnu_hash, sysv_hash;
	const char *fault; /* the first thing that was wrong */
};

static int wrong(struct image *image, const char *fault)
{
	if (!image->fault)
		image->fault = fault;
	return -ENOEXEC;
}

static void read_head(struct image *image)
{
	ssize_t size = pread(image->file, image->head, sizeof(image->head), 0);

	image->head_size = size < 0 ? 0 : (size_t)size;
}

static int read_at(struct image *image, uint64_t offset, void *buffer, size_t size)
{
	if (offset <= image->head_size && size <= image->head_size - offset) {
		memcpy(buffer, image->head + offset, size);
		return 0;
	}
	if (offset > image->size || size > image->size - offset ||
	    pread(image->file, buffer, size, (off_t)offset) != (ssize_t)size)
		return wrong(image, "it ends too early");
	return 0;
}

/* From where the dynamic linker would map it; what is not in the file (.bss) is no part of a module's description. */
static int read_address(struct image *image, uint64_t address, void *buffer, size_t size)
{
	for (unsigned i = 0; i < image->segment_count; i++) {
		const ElfW(Phdr) *segment = &image->segments[i];
		uint64_t at = address - segment->p_vaddr;

		if (segment->p_type == PT_LOAD && address >= segment->p_vaddr && at < segment->p_filesz &&
		    size <= segment->p_filesz - at)
			return read_at(image, segment->p_offset + at, buffer, size);
	}
	return wrong(image, "it points outside of itself");
}

static int read_header(struct image *image, ElfW(Ehdr) * header)
{
	static const unsigned char word_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
	static const unsigned char byte_order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;

	if (read_at(image, 0, header, sizeof(*header)) < 0 || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
		image->fault = "it is no ELF file";
		return -ENOEXEC;
	}
	if (header->e_ident[EI_CLASS] != word_class || header->e_ident[EI_DATA] != byte_order)
		return wrong(image, "it is for another kind of machine");
	if (header->e_type != ET_DYN)
		return wrong(image, "it is no shared object (compile it with -shared -fPIC)");
	if (header->e_phentsize != sizeof(ElfW(Phdr)) || header->e_phnum > SEGMENTS_MAX)
		return wrong(image, "its program headers are none that this program reads");
	return 0;
}

/* Each segment must be in the file whole: the dynamic linker maps what is not, and dies when it touches it. */
static int read_segments(struct image *image)
{
	ElfW(Ehdr) header;

	if (read_header(image, &header) < 0 ||
	    read_at(image, header.e_phoff, image->segments, header.e_phnum * sizeof(image->segments[0])) < 0)
		return -ENOEXEC;
	image->segment_count = header.e_phnum;
	for (unsigned i = 0; i < image->segment_count; i++) {
		const ElfW(Phdr) *segment = &image->segments[i];

		if (segment->p_type == PT_LOAD &&
		    (segment->p_offset > image->size || segment->p_filesz > image->size - segment->p_offset))
			return wrong(image, "it ends too early");
		if (segment->p_type == PT_DYNAMIC)
			image->dynamic = segment->p_vaddr;
	}
	return image->dynamic ? 0 : wrong(image, "it has no dynamic section");
}

static void take_dynamic(struct image *image, const ElfW(Dyn) * entry)
{
	if (entry->d_tag == DT_SYMTAB)
		image->symbols = entry->d_un.d_ptr;
	else if (entry->d_tag == DT_STRTAB)
		image->strings = entry->d_un.d_ptr;
	else if (entry->d_tag == DT_GNU_HASH)
		image->gnu_hash = entry->d_un.d_ptr;
	else if (entry->d_tag == DT_HASH)
		image->sysv_hash = entry->d_un.d_ptr;
}

static int read_dynamic(struct image *image)
{
	ElfW(Dyn) entry = {.d_tag = DT_NULL};

	for (unsigned i = 0; i < DYNAMIC_MAX; i++) {
		if (read_address(image, image->dynamic + i * sizeof(entry), &entry, sizeof(entry)) < 0)
			return -ENOEXEC;
		if (entry.d_tag == DT_NULL)
			break;
		take_dynamic(image, &entry);
	}
	if (entry.d_tag != DT_NULL)
		return wrong(image, "its dynamic section has no end");
	if (!image->symbols || !image->strings || (!image->gnu_hash && !image->sysv_hash))
		return wrong(image, "it has no dynamic symbols");
	return 0;
}

/* Return: 1 when symbol @index is a definition of @name, 0 not. */
static int symbol_is(struct image *image, uint32_t index, const char *name, ElfW(Sym) * ret_symbol)
{
	size_t size = strlen(name) + 1;
	char found[NAME_SIZE];
	ElfW(Sym) symbol;

	if (read_address(image, image->symbols + (uint64_t)index * sizeof(symbol), &symbol, sizeof(symbol)) < 0)
		return -ENOEXEC;
	/* A name may stand at the very end of the file's strings and be shorter than ours: one byte at a time. */
	for (size_t i = 0; i < size; i++) {
		if (read_address(image, image->strings + symbol.st_name + i, &found[i], 1) < 0)
			return -ENOEXEC;
		if (found[i] != name[i])
			return 0;
	}
	if (symbol.st_shndx == SHN_UNDEF)
		return 0;
	*ret_symbol = symbol;
	return 1;
}

static uint32_t gnu_hash_of(const char *name)
{
	uint32_t hash = 5381;

	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* Bucket and chain; the Bloom filter before them only saves time. */
static int find_by_gnu_hash(struct image *image, const char *name, ElfW(Sym) * ret_symbol)
{
	struct {
		uint32_t bucket_count, first_symbol, bloom_count, bloom_shift;
	} table;
	uint32_t wanted = gnu_hash_of(name);
	uint64_t buckets, chains;
	uint32_t index, hash;

	if (read_address(image, image->gnu_hash, &table, sizeof(table)) < 0)
		return -ENOEXEC;
	if (!table.bucket_count)
		return 0;
	buckets = image->gnu_hash + sizeof(table) + (uint64_t)table.bloom_count * sizeof(ElfW(Addr));
	chains = buckets + (uint64_t)table.bucket_count * sizeof(hash);
	if (read_address(image, buckets + (uint64_t)(wanted % table.bucket_count) * sizeof(index), &index,
			 sizeof(index)) < 0)
		return -ENOEXEC;
	if (index < table.first_symbol)
		return 0;
	for (unsigned i = 0; i < CHAIN_MAX; i++, index++) {
		int ret = 0;

		if (read_address(image, chains + (uint64_t)(index - table.first_symbol) * sizeof(hash), &hash,
				 sizeof(hash)) < 0)
			return -ENOEXEC;
		if ((hash | 1) == (wanted | 1))
			ret = symbol_is(image, index, name, ret_symbol);
		if (ret || (hash & 1))
			return ret;
	}
	return wrong(image, "its hash table has no end");
}

static uint32_t sysv_hash_of(const char *name)
{
	uint32_t hash = 0;

	for (; *name; name++) {
		hash = (hash << 4) + (unsigned char)*name;
		hash ^= hash >> 24 & 0xf0;
		hash &= 0x0fffffff;
	}
	return hash;
}

static int find_by_sysv_hash(struct image *image, const char *name, ElfW(Sym) * ret_symbol)
{
	uint64_t buckets = image->sysv_hash + 2 * sizeof(uint32_t);
	uint32_t counts[2]; /* of buckets, of symbols */
	uint64_t at;
	uint32_t index;

	if (read_address(image, image->sysv_hash, counts, sizeof(counts)) < 0)
		return -ENOEXEC;
	if (!counts[0])
		return 0;
	at = buckets + (uint64_t)(sysv_hash_of(name) % counts[0]) * sizeof(index);
	for (unsigned i = 0; i < CHAIN_MAX; i++) {
		int ret;

		if (read_address(image, at, &index, sizeof(index)) < 0)
			return -ENOEXEC;
		if (index == STN_UNDEF)
			return 0;
		ret = symbol_is(image, index, name, ret_symbol);
		if (ret)
			return ret;
		at = buckets + ((uint64_t)counts[0] + index) * sizeof(index);
	}
	return wrong(image, "its hash table has no end");
}

/* The dynamic linker prefers the GNU table, too. Return: 1 found, 0 not defined, -ENOEXEC. */
static int find(struct image *image, const char *name, ElfW(Sym) * ret_symbol)
{
	return image->gnu_hash ? find_by_gnu_hash(image, name, ret_symbol) : find_by_sysv_hash(image, name, ret_symbol);
}

/* abi and compat are plain words at the stamp's beginning: no relocation changes them. */
static int read_stamp(struct image *image, struct mh_module_image *found)
{
	unsigned words[2];
	ElfW(Sym) symbol;
	int ret = find(image, "memhp_module", &symbol);

	MH_STATIC_ASSERT(offsetof(struct memhp_module, abi) == 0 &&
				 offsetof(struct memhp_module, compat) == sizeof(words[0]),
			 "the stamp begins with abi and compat");
	if (ret <= 0)
		return ret;
	if (read_address(image, symbol.st_value, words, sizeof(words)) < 0)
		return -ENOEXEC;
	found->has_stamp = true;
	found->abi = words[0];
	found->compat = words[1];
	return 0;
}

static int read_image(struct image *image, struct mh_module_image *found)
{
	ElfW(Sym) ignored;
	int ret;

	if (read_segments(image) < 0 || read_dynamic(image) < 0 || read_stamp(image, found) < 0)
		return -ENOEXEC;
	ret = find(image, "register_memory_notifier", &ignored);
	found->has_own_copy = ret > 0;
	return ret < 0 ? ret : 0;
}

int mh_module_image_read(const char *path, struct mh_module_image *ret_image, struct mh_error *reterr)
{
	struct mh_module_image found = {.has_stamp = false};
	/* Not blocking: a FIFO would be waited for. */
	struct image image;
	struct stat status;
	int ret;

	memset(&image, 0, sizeof(image));
	image.file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (image.file < 0)
		return mh_error_set(reterr, -errno, "%s: cannot read the module: %s", path, strerror(errno));
	if (fstat(image.file, &status) < 0 || !S_ISREG(status.st_mode)) {
		ret = wrong(&image, "it is no regular file");
	} else {
		image.size = (uint64_t)status.st_size;
		read_head(&image);
		ret = read_image(&image, &found);
	}
	(void)close(image.file);
	if (ret < 0)
		return mh_error_set(reterr, ret, "%s: not a module that can be loaded: %s", path, image.fault);
	*ret_image = found;
	return 0;
}
