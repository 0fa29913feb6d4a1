/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real memory behind the frames of a machine (machine.backing: mmap): page pfn lies at machine->memory + pfn pages.
 *
 * Frames get memory when they are allocated and lose it when their block goes offline: so what is resident are the
 * pages that were ever taken from blocks that are online. Blocks are bound to the host's node of their node's number
 * where it has one.
 *
 * Written by whoever holds the page; by an allocation before its handle is set; by a migration into a page that is
 * nobody's yet.
 */
#ifndef CORE_BACKING_H
#define CORE_BACKING_H

#include "core/machine_private.h"

/* Of config.backing; 0, or -errno with a sentence. After the blocks are laid out. */
int mh_backing_new(struct mh_machine *machine, struct mh_error *reterr);
void mh_backing_free(struct mh_machine *machine);

/* A chunk of 2^@order units that was taken and is nobody's yet: each of its pages gets memory. */
void mh_backing_touch(struct mh_machine *machine, uint64_t pfn, unsigned order);
/* What is at @from is at @to, too. */
void mh_backing_copy(struct mh_machine *machine, uint64_t from, uint64_t to, unsigned order);
/* All pages of a closed block from which nobody holds one. */
void mh_backing_give_back(struct mh_machine *machine, uint32_t block);

#endif
