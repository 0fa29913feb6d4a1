/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/block.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static char *path_of(const struct mh_kernel_tree *tree, char path[MH_KERNEL_PATH_SIZE], uint32_t index,
		     const char *file)
{
	return mh_kernel_path(tree, path, MH_KERNEL_MEMORY "/memory%u%s", index, file);
}

const char *mh_kernel_block_home_word(const struct mh_kernel_block *block)
{
	if (block->home == MH_BLOCK_OFFLINE)
		return "offline";
	if (strcmp(block->home_zone, "Movable") == 0)
		return "online_movable";
	return strcmp(block->home_zone, "none") == 0 || !block->home_zone[0] ? "online" : "online_kernel";
}

static int parse_state(const char *word, enum mh_block_state *ret_state)
{
	for (int state = 0; state < MH_BLOCK_ABSENT; state++) {
		if (strcmp(word, mh_block_state_names[state]) != 0)
			continue;
		*ret_state = (enum mh_block_state)state;
		return 0;
	}
	return -EPROTO;
}

/* Without a sentence: after each write, too. @ret_word: what the file shows. */
static int read_state(const struct mh_kernel_tree *tree, const struct mh_kernel_block *block,
		      enum mh_block_state *ret_state, char ret_word[MH_KERNEL_VALUE_SIZE])
{
	ssize_t got = tree->calls->read(tree->calls->data, block->state_fd, ret_word, MH_KERNEL_VALUE_SIZE - 1, true);

	if (got < 0)
		return (int)got;
	ret_word[got] = '\0';
	ret_word[strcspn(ret_word, "\n")] = '\0';
	return parse_state(ret_word, ret_state);
}

int mh_kernel_block_state(const struct mh_kernel_tree *tree, const struct mh_kernel_block *block,
			  enum mh_block_state *ret_state, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], word[MH_KERNEL_VALUE_SIZE];
	int ret = read_state(tree, block, ret_state, word);

	if (ret == 0)
		return 0;
	path_of(tree, path, block->index, "/state");
	if (ret == -EPROTO)
		return mh_error_set(reterr, ret, "'%s' shows '%s', not online, offline or going-offline", path, word);
	return mh_kernel_complain(reterr, ret, "read", path);
}

/* The folder of a block holds a link nodeN for each node that it lies in. */
static int note_node(void *into, const char *name)
{
	int node, end = 0;

	if (sscanf(name, "node%d%n", &node, &end) == 1 && name[end] == '\0')
		*(int *)into = node;
	return 0;
}

static void read_node(const struct mh_kernel_tree *tree, struct mh_kernel_block *block)
{
	char path[MH_KERNEL_PATH_SIZE];

	block->node = -1;
	(void)tree->calls->list(tree->calls->data, path_of(tree, path, block->index, ""), note_node, &block->node);
}

/* Files that kernels built without them lack: absent is no failure, unreadable is. */
static int read_optional(const struct mh_kernel_tree *tree, uint32_t index, const char *file,
			 char value[MH_KERNEL_VALUE_SIZE], struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE];
	int ret = mh_kernel_read(tree, path_of(tree, path, index, file), value, reterr);

	if (ret != -ENOENT)
		return ret;
	value[0] = '\0';
	return 0;
}

static int read_attributes(const struct mh_kernel_tree *tree, struct mh_kernel_block *block, struct mh_error *reterr)
{
	char removable[MH_KERNEL_VALUE_SIZE];
	int ret = mh_kernel_block_state(tree, block, &block->home, reterr);

	if (ret == 0 && block->home == MH_BLOCK_GOING_OFFLINE)
		ret = mh_error_set(reterr, -EBUSY,
				   "block %u is being taken offline just now: wait until that has ended", block->index);
	if (ret == 0)
		ret = read_optional(tree, block->index, "/valid_zones", block->home_zone, reterr);
	if (ret == 0)
		ret = read_optional(tree, block->index, "/removable", removable, reterr);
	if (ret < 0)
		return ret;
	block->removable = strcmp(removable, "1") == 0;
	read_node(tree, block);
	return 0;
}

int mh_kernel_block_open(const struct mh_kernel_tree *tree, uint32_t index, struct mh_kernel_block *ret_block,
			 struct mh_error *reterr)
{
	struct mh_kernel_block block = {.index = index};
	char path[MH_KERNEL_PATH_SIZE];
	int ret;

	path_of(tree, path, index, "/state");
	block.state_fd = tree->calls->open(tree->calls->data, path, O_RDWR);
	if (block.state_fd < 0)
		return mh_kernel_complain(reterr, block.state_fd, "drive a block by", path);
	ret = read_attributes(tree, &block, reterr);
	if (ret < 0) {
		mh_kernel_block_close(tree, &block);
		return ret;
	}
	*ret_block = block;
	return 0;
}

void mh_kernel_block_close(const struct mh_kernel_tree *tree, struct mh_kernel_block *block)
{
	if (block->state_fd >= 0)
		tree->calls->close(tree->calls->data, block->state_fd);
	block->state_fd = -1;
}

/* With its newline: the kernel takes one, and in a made-up tree a shorter word then ends where it ends. */
void mh_kernel_block_write(const struct mh_kernel_tree *tree, const struct mh_kernel_block *block, const char *word,
			   struct mh_kernel_write_result *ret_result)
{
	char line[MH_KERNEL_VALUE_SIZE], seen[MH_KERNEL_VALUE_SIZE];
	int length = snprintf(line, sizeof(line), "%s\n", word);
	ssize_t done;

	ret_result->begin_ns = mh_clock_monotonic_ns();
	done = tree->calls->write(tree->calls->data, block->state_fd, line, (size_t)length);
	ret_result->end_ns = mh_clock_monotonic_ns();
	ret_result->error = done < 0 ? (int)done : done == length ? 0 : -EIO;
	ret_result->after_known = read_state(tree, block, &ret_result->after, seen) == 0;
}

static const char *online_refusal(int error)
{
	switch (error) {
	case EINVAL:
		return "it is online already, or its range is none that can be brought online";
	case EPERM:
		return "a listener refused it by NOTIFY_BAD";
	case ENOMEM:
		return "a listener, or the memory's own description, found no memory";
	case EBUSY:
		return "a listener is busy removing it";
	case EHWPOISON:
		return "a page in it is poisoned: it stays offline until the machine boots again";
	default:
		return "a listener refused it";
	}
}

static const char *offline_refusal(int error, bool heard)
{
	switch (error) {
	case EINVAL:
		return "it is offline already, has holes or lies in several zones: with holes or zones it is so for "
		       "ever";
	case EPERM:
		return heard ? "a listener refused it by NOTIFY_BAD" : "the kernel does not let this block go offline";
	case ENOMEM:
		return "a listener found no memory, or a huge page could not be dissolved";
	case EBUSY:
		return heard ? "a listener refused it, or a page in it stayed in use"
			     : "pages in it cannot be moved: take blocks of zone Movable, on a node far from the "
			       "others";
	case EINTR:
		return "a signal ended it: pages in it stayed in use until the deadline";
	default:
		return "a listener refused it";
	}
}

const char *mh_kernel_block_refusal(int error, bool offline, bool heard)
{
	if (error == ENODEV || error == ENOENT)
		return "the block has gone: it was removed meanwhile";
	if (error == EACCES)
		return "only root may write to its state";
	return offline ? offline_refusal(error, heard) : online_refusal(error);
}
