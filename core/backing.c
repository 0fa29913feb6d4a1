/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One mapping for the whole machine. It is reserved without swap behind it, so that its size costs nothing; a machine
 * larger than what the host could give is refused, since its pages may all be touched in the end.
 */
#include "core/backing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/units.h"
#include "core/topology/node_memory.h"

static unsigned char *memory_of(const struct mh_machine *machine, uint64_t pfn)
{
	return machine->memory + (pfn << MH_PAGE_SHIFT);
}

static uint64_t chunk_bytes(const struct mh_machine *machine, unsigned order)
{
	return (uint64_t)machine->unit_pages << order << MH_PAGE_SHIFT;
}

static uint64_t machine_bytes(const struct mh_machine *machine)
{
	return (uint64_t)machine->block_count * machine->config.block_size_bytes;
}

static int refuse_large(uint64_t size, uint64_t available, struct mh_error *reterr)
{
	char wanted[32], had[32];

	return mh_error_set(reterr, -ENOSPC,
			    "machine.backing: mmap: the machine's memory is %s, and this host has %s available: "
			    "describe a smaller machine, or write 'backing: none'",
			    mh_format_size(wanted, sizeof(wanted), size), mh_format_size(had, sizeof(had), available));
}

static int map_memory(struct mh_machine *machine, struct mh_error *reterr)
{
	uint64_t size = machine_bytes(machine), available = mh_node_memory_available();
	void *memory;

	if (size > available)
		return refuse_large(size, available, reterr);
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return mh_error_set(reterr, -ENOSPC, "machine.backing: mmap: %s", strerror(errno));
	/* With the host's huge pages one touched page would make 2 MiB resident. Where it has none it refuses: good. */
	(void)madvise(memory, size, MADV_NOHUGEPAGE);
	machine->memory = memory;
	return 0;
}

/* Binds the blocks of each node; a note for those that cannot be. */
static int bind_nodes(struct mh_machine *machine, struct mh_error *reterr)
{
	unsigned unbound = 0, asked = 0;
	struct mh_error first = {.text = ""};

	for (unsigned i = 0; i < machine->node_count; i++) {
		const struct mh_node *node = &machine->nodes[i];
		uint64_t pfn = (uint64_t)node->first_block << machine->block_shift;
		struct mh_error reason;

		if (!node->block_count)
			continue;
		asked++;
		if (mh_node_memory_bind(memory_of(machine, pfn), node->block_count * machine->config.block_size_bytes,
					(unsigned)node->nid, &reason) == 0)
			continue;
		if (!unbound++)
			first = reason;
	}
	if (unbound && asprintf(&machine->backing_note,
				"machine.backing: mmap: the memory of %u of %u nodes is not bound to a node of this "
				"host, and lies where its kernel puts it: %s",
				unbound, asked, first.text) < 0) {
		machine->backing_note = NULL;
		return mh_error_set(reterr, -ENOMEM, "no memory for a note");
	}
	return 0;
}

int mh_backing_new(struct mh_machine *machine, struct mh_error *reterr)
{
	int ret;

	if (machine->config.backing == MH_BACKING_NONE)
		return 0;
	if (!machine->config.topology)
		return mh_error_set(reterr, -EINVAL,
				    "a machine made from a memory map has no memory behind its frames");
	ret = map_memory(machine, reterr);
	return ret < 0 ? ret : bind_nodes(machine, reterr);
}

void mh_backing_free(struct mh_machine *machine)
{
	if (machine->memory)
		(void)munmap(machine->memory, machine_bytes(machine));
	free(machine->backing_note);
}

void mh_backing_touch(struct mh_machine *machine, uint64_t pfn, unsigned order)
{
	unsigned char *memory = memory_of(machine, pfn);

	for (uint64_t at = 0; at < chunk_bytes(machine, order); at += MH_PAGE_SIZE)
		*(volatile unsigned char *)(memory + at) = 0;
}

void mh_backing_copy(struct mh_machine *machine, uint64_t from, uint64_t to, unsigned order)
{
	memcpy(memory_of(machine, to), memory_of(machine, from), chunk_bytes(machine, order));
}

/* The kernel forgets what was there: a later touch finds zeroes. A refusal would only leave it resident. */
void mh_backing_give_back(struct mh_machine *machine, uint32_t block)
{
	uint64_t pfn = (uint64_t)block << machine->block_shift;

	(void)madvise(memory_of(machine, pfn), machine->config.block_size_bytes, MADV_DONTNEED);
}

void *mh_page_memory(const struct mh_machine *machine, const mh_handle *handle)
{
	/* The acquire pairs with the release of the allocation or migration that set the handle: what it wrote there is
	 * seen through it. */
	uint64_t word = atomic_load_explicit(handle, memory_order_acquire);

	return machine->memory && word ? memory_of(machine, MH_HANDLE_PFN(word)) : NULL;
}

const char *mh_machine_backing_note(const struct mh_machine *machine)
{
	return machine->backing_note;
}
