/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks of a kernel by their files: what is read, what a write comes to, and the sentence of each call that fails.
 */
#include "bench/kernel/block_list.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "made_up_tree.h"

Test(kernel_block, tells_what_the_kernel_shows)
{
	struct made_up_tree made_up;
	struct mh_kernel_block block;
	struct mh_error error = {0};

	made_up_init(&made_up);
	made_up_block(&made_up, 36, "online\n", "Movable\n", 1);
	cr_assert_eq(mh_kernel_block_open(&made_up.tree, 36, &block, &error), 0, "%s", error.text);
	cr_expect_eq(block.home, MH_BLOCK_ONLINE);
	cr_expect_eq(block.node, 1, "node %d", block.node);
	cr_expect_str_eq(block.home_zone, "Movable");
	cr_expect(block.removable);
	mh_kernel_block_close(&made_up.tree, &block);
	made_up_release(&made_up);
}

/* What brings a block back to where it was. */
static const struct {
	const char *state, *zones, *word;
} homes[] = {
	{"offline\n", "Normal Movable\n", "offline"},
	{"online\n", "Movable\n", "online_movable"},
	{"online\n", "Normal\n", "online_kernel"},
	{"online\n", "DMA32\n", "online_kernel"},
	{"online\n", "none\n", "online"},
};

ParameterizedTestParameters(kernel_block, goes_home_to_its_zone)
{
	static int rows[sizeof(homes) / sizeof(homes[0])];

	for (int i = 0; i < (int)(sizeof(homes) / sizeof(homes[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(homes) / sizeof(homes[0]));
}

ParameterizedTest(const int *row, kernel_block, goes_home_to_its_zone)
{
	struct made_up_tree made_up;
	struct mh_kernel_block block;
	struct mh_error error = {0};

	made_up_init(&made_up);
	made_up_block(&made_up, 5, homes[*row].state, homes[*row].zones, 0);
	cr_assert_eq(mh_kernel_block_open(&made_up.tree, 5, &block, &error), 0, "%s", error.text);
	cr_expect_str_eq(mh_kernel_block_home_word(&block), homes[*row].word);
	mh_kernel_block_close(&made_up.tree, &block);
	made_up_release(&made_up);
}

static void open_32(struct made_up_tree *made_up, struct mh_kernel_block *ret_block)
{
	struct mh_error error = {0};

	made_up_init(made_up);
	made_up_blocks(made_up);
	cr_assert_eq(mh_kernel_block_open(&made_up->tree, 32, ret_block, &error), 0, "%s", error.text);
}

Test(kernel_block, times_a_write_and_reads_the_state_after_it)
{
	struct mh_kernel_write_result result;
	struct made_up_tree made_up;
	struct mh_kernel_block block;

	open_32(&made_up, &block);
	mh_kernel_block_write(&made_up.tree, &block, "online", &result);
	cr_expect_eq(result.error, 0);
	cr_expect_gt(result.end_ns, result.begin_ns);
	cr_expect(result.after_known);
	cr_expect_eq(result.after, MH_BLOCK_ONLINE, "%d", result.after);
	mh_kernel_block_write(&made_up.tree, &block, "offline", &result);
	cr_expect_eq(result.after, MH_BLOCK_OFFLINE, "%d", result.after);
	mh_kernel_block_close(&made_up.tree, &block);
	made_up_release(&made_up);
}

/* Each errno that a write may come to: kept, the state is read all the same, and a clause says why. */
static const struct {
	int error;
	bool offline, heard;
	const char *says;
} refusals[] = {
	{-EBUSY, true, false, "pages in it cannot be moved"},
	{-EBUSY, true, true, "a listener refused it, or a page in it stayed in use"},
	{-EBUSY, false, true, "a listener is busy"},
	{-EINTR, true, true, "a signal ended it"},
	{-ENODEV, true, false, "the block has gone"},
	{-ENOENT, false, false, "the block has gone"},
	{-EACCES, false, false, "only root may"},
	{-EPERM, false, true, "NOTIFY_BAD"},
	{-EPERM, true, false, "does not let this block go offline"},
	{-EINVAL, true, false, "has holes"},
	{-EINVAL, false, false, "online already"},
	{-ENOMEM, false, true, "found no memory"},
	{-EHWPOISON, false, false, "poisoned"},
	{-EIO, true, true, "a listener refused it"},
};

ParameterizedTestParameters(kernel_block, keeps_the_errno_of_a_write)
{
	static int rows[sizeof(refusals) / sizeof(refusals[0])];

	for (int i = 0; i < (int)(sizeof(refusals) / sizeof(refusals[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(refusals) / sizeof(refusals[0]));
}

ParameterizedTest(const int *row, kernel_block, keeps_the_errno_of_a_write)
{
	struct mh_kernel_write_result result;
	struct made_up_tree made_up;
	struct mh_kernel_block block;
	const char *says;

	open_32(&made_up, &block);
	made_up.failure = (struct made_up_failure){CALL_WRITE, "memory32/state", 0, 0, refusals[*row].error};
	mh_kernel_block_write(&made_up.tree, &block, refusals[*row].offline ? "offline" : "online", &result);
	cr_expect_eq(result.error, refusals[*row].error, "%d", result.error);
	cr_expect(result.after_known);
	cr_expect_eq(result.after, MH_BLOCK_OFFLINE);
	says = mh_kernel_block_refusal(-result.error, refusals[*row].offline, refusals[*row].heard);
	cr_expect_not_null(strstr(says, refusals[*row].says), "%s", says);
	mh_kernel_block_close(&made_up.tree, &block);
	made_up_release(&made_up);
}

Test(kernel_block, says_so_when_the_state_cannot_be_read_after_a_write)
{
	struct mh_kernel_write_result result;
	struct made_up_tree made_up;
	struct mh_kernel_block block;
	enum mh_block_state state;
	struct mh_error error;

	open_32(&made_up, &block);
	made_up.failure = (struct made_up_failure){CALL_READ, "memory32/state", 0, 0, -ENODEV};
	mh_kernel_block_write(&made_up.tree, &block, "online", &result);
	cr_expect_not(result.after_known);
	cr_expect_eq(mh_kernel_block_state(&made_up.tree, &block, &state, &error), -ENODEV);
	cr_expect_not_null(strstr(error.text, "memory32/state': No such device; what it belongs to was removed"), "%s",
			   error.text);
	mh_kernel_block_close(&made_up.tree, &block);
	made_up_release(&made_up);
}

Test(kernel_block, a_write_that_takes_less_than_the_word_is_an_error)
{
	struct mh_kernel_write_result result;
	struct made_up_tree made_up;
	struct mh_kernel_block block;

	open_32(&made_up, &block);
	made_up.failure = (struct made_up_failure){CALL_WRITE, "memory32/state", 0, 0, 3};
	mh_kernel_block_write(&made_up.tree, &block, "online", &result);
	cr_expect_eq(result.error, -EIO, "%d", result.error);
	mh_kernel_block_close(&made_up.tree, &block);
	made_up_release(&made_up);
}

/* Opening: what fails, what is said, and that nothing stays open (made_up_release looks). */
static const struct {
	struct made_up_failure failure;
	const char *ranges;
	int error;
	const char *says;
} openings[] = {
	{{.call = CALL_NONE}, "32-35", 0, ""},
	{{.call = CALL_NONE}, "32,34-35", 0, ""},
	{{.call = CALL_NONE}, "35-32", -EINVAL, "'35-32' is no list of blocks: write it as 32-35,38"},
	{{.call = CALL_NONE}, "", -EINVAL, "no list of blocks"},
	{{.call = CALL_NONE}, "32,", -EINVAL, "no list of blocks"},
	{{.call = CALL_NONE}, "-3", -EINVAL, "no list of blocks"},
	{{.call = CALL_NONE}, "32 33", -EINVAL, "no list of blocks"},
	{{.call = CALL_NONE}, "99999999999", -EINVAL, "no list of blocks"},
	{{.call = CALL_NONE}, "33,32", -EINVAL, "block 32 stands behind block 33"},
	{{.call = CALL_NONE}, "32-33,33", -EINVAL, "block 33 stands behind block 33"},
	{{.call = CALL_NONE}, "34-36", -ENOENT, "memory36/state': No such file or directory"},
	{{CALL_OPEN, "memory33/state", 0, 0, -EACCES}, "32-35", -EACCES, "Permission denied; only root may"},
	{{CALL_OPEN, "memory33/state", 0, 0, -EROFS}, "32-35", -EROFS, "mounted read-only, as in a container"},
	{{CALL_READ, "memory34/state", 0, 0, -EIO}, "32-35", -EIO, "cannot read"},
	{{CALL_READ, "memory34/valid_zones", 0, 0, -ENODEV}, "32-35", -ENODEV, "removed meanwhile"},
	{{CALL_OPEN, "memory34/removable", 0, 0, -ENOENT}, "32-35", 0, ""},
	{{CALL_OPEN, "block_size_bytes", 0, 0, -ENOENT}, "32", -ENOENT, "this kernel has no memory hotplug"},
};

ParameterizedTestParameters(kernel_block, opens_all_or_none)
{
	static int rows[sizeof(openings) / sizeof(openings[0])];

	for (int i = 0; i < (int)(sizeof(openings) / sizeof(openings[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(openings) / sizeof(openings[0]));
}

ParameterizedTest(const int *row, kernel_block, opens_all_or_none)
{
	struct mh_kernel_blocks blocks = {.items = NULL};
	struct made_up_tree made_up;
	struct mh_error error = {.text = ""};
	int ret;

	made_up_init(&made_up);
	made_up_blocks(&made_up);
	made_up.failure = openings[*row].failure;
	ret = mh_kernel_blocks_open(&made_up.tree, openings[*row].ranges, &blocks, &error);
	cr_expect_eq(ret, openings[*row].error, "'%s': %d: %s", openings[*row].ranges, ret, error.text);
	cr_expect_not_null(strstr(error.text, openings[*row].says), "%s", error.text);
	if (ret == 0)
		cr_expect_eq(blocks.items[blocks.count - 1].index, 35u);
	mh_kernel_blocks_close(&made_up.tree, &blocks);
	cr_expect_eq(made_up.log.length, 0u, "something was written: %s", made_up.log.data);
	made_up_release(&made_up);
}

Test(kernel_block, refuses_one_that_is_on_its_way)
{
	struct mh_kernel_blocks blocks;
	struct made_up_tree made_up;
	struct mh_error error;

	made_up_init(&made_up);
	made_up_blocks(&made_up);
	made_up_block(&made_up, 33, "going-offline\n", "Normal\n", 3);
	cr_expect_eq(mh_kernel_blocks_open(&made_up.tree, "32-35", &blocks, &error), -EBUSY);
	cr_expect_not_null(strstr(error.text, "block 33 is being taken offline just now"), "%s", error.text);
	made_up_block(&made_up, 33, "melted\n", "Normal\n", 3);
	cr_expect_eq(mh_kernel_blocks_open(&made_up.tree, "32-35", &blocks, &error), -EPROTO);
	cr_expect_not_null(strstr(error.text, "shows 'melted', not online"), "%s", error.text);
	made_up_release(&made_up);
}

Test(kernel_block, shows_what_it_will_touch)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_kernel_blocks blocks;
	struct made_up_tree made_up;
	struct mh_error error = {0};

	made_up_init(&made_up);
	made_up_blocks(&made_up);
	made_up_block(&made_up, 33, "online\n", "Movable\n", 3);
	cr_assert_eq(mh_kernel_blocks_open(&made_up.tree, "32-33", &blocks, &error), 0, "%s", error.text);
	cr_expect_eq(blocks.block_bytes, 0x8000000u);
	mh_kernel_blocks_show(&blocks, &text);
	cr_expect_str_eq(text.data, "memory32  offline  node 3  Normal Movable\nmemory33  online  node 3  Movable\n");
	mh_text_release(&text);
	mh_kernel_blocks_close(&made_up.tree, &blocks);
	made_up_release(&made_up);
}
