/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/block_list.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A whole number without sign or blank; moves @text behind it. */
static int take_number(const char **text, uint32_t *ret_number)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	number = strtoul(*text, &end, 10);
	if (errno || number > INT32_MAX)
		return -EINVAL;
	*text = end;
	*ret_number = (uint32_t)number;
	return 0;
}

static int take_range(const char **text, uint32_t *ret_from, uint32_t *ret_to)
{
	int ret = take_number(text, ret_from);

	*ret_to = *ret_from;
	if (ret == 0 && **text == '-') {
		(*text)++;
		ret = take_number(text, ret_to);
	}
	if (ret < 0 || *ret_to < *ret_from || (**text && **text != ','))
		return -EINVAL;
	if (**text == ',' && !*++*text)
		return -EINVAL;
	return 0;
}

static int add_block(const struct mh_kernel_tree *tree, struct mh_kernel_blocks *blocks, uint32_t index,
		     struct mh_error *reterr)
{
	struct mh_kernel_block *items;
	int ret;

	if (blocks->count && blocks->items[blocks->count - 1].index >= index)
		return mh_error_set(reterr, -EINVAL, "block %u stands behind block %u: name each once, in rising order",
				    index, blocks->items[blocks->count - 1].index);
	if (blocks->count == MH_KERNEL_BLOCKS_MAX)
		return mh_error_set(reterr, -E2BIG, "more than %d blocks: each keeps a file open; give fewer",
				    MH_KERNEL_BLOCKS_MAX);
	items = reallocarray(blocks->items, blocks->count + 1, sizeof(*items));
	if (!items)
		return mh_error_set(reterr, -ENOMEM, "no memory for %zu blocks", blocks->count + 1);
	blocks->items = items;
	ret = mh_kernel_block_open(tree, index, &items[blocks->count], reterr);
	blocks->count += ret == 0;
	return ret;
}

static int add_ranges(const struct mh_kernel_tree *tree, struct mh_kernel_blocks *blocks, const char *ranges,
		      struct mh_error *reterr)
{
	const char *text = ranges;
	uint32_t from, to;

	do {
		if (take_range(&text, &from, &to) < 0)
			return mh_error_set(reterr, -EINVAL, "'%s' is no list of blocks: write it as 32-35,38", ranges);
		for (uint32_t index = from; index <= to; index++) {
			int ret = add_block(tree, blocks, index, reterr);

			if (ret < 0)
				return ret;
		}
	} while (*text);
	return 0;
}

/* Hexadecimal without 0x, as the kernel shows it. */
static int read_block_size(const struct mh_kernel_tree *tree, uint64_t *ret_bytes, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], value[MH_KERNEL_VALUE_SIZE], *end;
	int ret = mh_kernel_read(tree, mh_kernel_path(tree, path, MH_KERNEL_MEMORY "/block_size_bytes"), value, reterr);

	if (ret == -ENOENT)
		return mh_error_set(reterr, ret,
				    "'%s' is not there: this kernel has no memory hotplug, or sysfs is not mounted",
				    path);
	if (ret < 0)
		return ret;
	*ret_bytes = strtoull(value, &end, 16);
	if (end == value || *end || !*ret_bytes)
		return mh_error_set(reterr, -EPROTO, "'%s' shows '%s', no size in hexadecimal", path, value);
	return 0;
}

int mh_kernel_blocks_open(const struct mh_kernel_tree *tree, const char *ranges, struct mh_kernel_blocks *ret_blocks,
			  struct mh_error *reterr)
{
	struct mh_kernel_blocks blocks = {.items = NULL};
	int ret = read_block_size(tree, &blocks.block_bytes, reterr);

	if (ret == 0)
		ret = add_ranges(tree, &blocks, ranges, reterr);
	if (ret < 0)
		mh_kernel_blocks_close(tree, &blocks);
	else
		*ret_blocks = blocks;
	return ret;
}

void mh_kernel_blocks_close(const struct mh_kernel_tree *tree, struct mh_kernel_blocks *blocks)
{
	for (size_t i = 0; i < blocks->count; i++)
		mh_kernel_block_close(tree, &blocks->items[i]);
	free(blocks->items);
	*blocks = (struct mh_kernel_blocks){.items = NULL};
}

void mh_kernel_blocks_show(const struct mh_kernel_blocks *blocks, struct mh_text *text)
{
	for (size_t i = 0; i < blocks->count; i++) {
		const struct mh_kernel_block *block = &blocks->items[i];

		mh_text_add(text, "memory%u  %s", block->index, mh_block_state_names[block->home]);
		if (block->node >= 0)
			mh_text_add(text, "  node %d", block->node);
		mh_text_add(text, "  %s\n", block->home_zone[0] ? block->home_zone : "zones unknown");
	}
}
