/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations that a kernel makes pass; each thing that it must not do is found, by the name of its rule.
 */
#include "bench/kernel/judge.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#define PAGES   32768u
#define START   (32 * PAGES)
#define EPERM_  0x8002 /* NOTIFY_BAD */
#define ENOMEM_ 0x800d /* notifier_from_errno(-ENOMEM) */
#define STOP    0x8001

/* A walk of @event on block 32 of node 3, answered by @value. */
struct seen {
	int event, value, nid;
};

struct row {
	enum mh_compat compat;
	bool online, memory_before, memory_after;
	int error; /* positive */
	int armed;
	enum mh_block_state after;
	struct seen walks[6];
	unsigned count;
	const char *broken; /* rules found broken, in order; "" none */
	enum mh_kernel_outcome outcome;
};

#define ON1  MH_COMPAT_V6_1, true
#define OFF1 MH_COMPAT_V6_1, false
#define UP   MH_BLOCK_ONLINE
#define DOWN MH_BLOCK_OFFLINE

static const struct row rows[] = {
	/* As recorded. */
	{ON1, false, true, 0, 0, UP, {{MH_GOING_ONLINE, 1, 3}, {MH_ONLINE, 1, 3}}, 2, "", MH_KERNEL_DONE},
	{ON1, true, true, 0, 0, UP, {{MH_GOING_ONLINE, 1, -1}, {MH_ONLINE, 1, -1}}, 2, "", MH_KERNEL_DONE},
	{ON1, true, true, 0, 0, UP, {{MH_GOING_ONLINE, STOP, -1}, {MH_ONLINE, 1, -1}}, 2, "", MH_KERNEL_DONE},
	{ON1,
	 false,
	 false,
	 EPERM,
	 0,
	 DOWN,
	 {{MH_GOING_ONLINE, EPERM_, 3}, {MH_CANCEL_ONLINE, 1, 3}},
	 2,
	 "",
	 MH_KERNEL_FAILED},
	{ON1,
	 false,
	 false,
	 ENOMEM,
	 ENOMEM,
	 DOWN,
	 {{MH_GOING_ONLINE, ENOMEM_, 3}, {MH_CANCEL_ONLINE, 1, 3}},
	 2,
	 "",
	 MH_KERNEL_INJECTED},
	{ON1,
	 false,
	 false,
	 EPERM,
	 ENOMEM,
	 DOWN,
	 {{MH_GOING_ONLINE, EPERM_, 3}, {MH_CANCEL_ONLINE, 1, 3}},
	 2,
	 "",
	 MH_KERNEL_FAILED},
	{ON1, true, true, EINVAL, 0, DOWN, {{0, 0, 0}}, 0, "", MH_KERNEL_FAILED},
	{OFF1, true, false, 0, 0, DOWN, {{MH_GOING_OFFLINE, 1, 3}, {MH_OFFLINE, 1, 3}}, 2, "", MH_KERNEL_DONE},
	{OFF1, true, true, EBUSY, 0, UP, {{0, 0, 0}}, 0, "", MH_KERNEL_FAILED},
	{OFF1,
	 true,
	 true,
	 EINTR,
	 0,
	 UP,
	 {{MH_GOING_OFFLINE, 1, -1}, {MH_CANCEL_OFFLINE, 1, -1}},
	 2,
	 "",
	 MH_KERNEL_FAILED},
	{OFF1, true, true, EBUSY, ENOMEM, UP, {{0, 0, 0}}, 0, "", MH_KERNEL_FAILED},
	{MH_COMPAT_V6_12,
	 true,
	 true,
	 true,
	 0,
	 0,
	 UP,
	 {{MH_PREPARE_ONLINE, 1, INT32_MIN}, {MH_GOING_ONLINE, 1, -1}, {MH_ONLINE, 1, -1}},
	 3,
	 "",
	 MH_KERNEL_DONE},
	{MH_COMPAT_V6_12,
	 true,
	 true,
	 true,
	 EPERM,
	 0,
	 DOWN,
	 {{MH_PREPARE_ONLINE, EPERM_, INT32_MIN}},
	 1,
	 "",
	 MH_KERNEL_FAILED},
	{MH_COMPAT_V6_12,
	 true,
	 true,
	 true,
	 ENOMEM,
	 ENOMEM,
	 DOWN,
	 {{MH_PREPARE_ONLINE, 1, INT32_MIN},
	  {MH_GOING_ONLINE, ENOMEM_, -1},
	  {MH_CANCEL_ONLINE, 1, -1},
	  {MH_FINISH_OFFLINE, 1, INT32_MIN}},
	 4,
	 "",
	 MH_KERNEL_INJECTED},
	{MH_COMPAT_V6_12,
	 false,
	 true,
	 false,
	 0,
	 0,
	 DOWN,
	 {{MH_GOING_OFFLINE, 1, 3}, {MH_OFFLINE, 1, 3}, {MH_FINISH_OFFLINE, 1, INT32_MIN}},
	 3,
	 "",
	 MH_KERNEL_DONE},
	{MH_COMPAT_V7_3,
	 true,
	 false,
	 true,
	 0,
	 0,
	 UP,
	 {{MH_NODE_ADDING_FIRST_MEMORY, 1, 3},
	  {MH_GOING_ONLINE, 1, INT32_MIN},
	  {MH_NODE_ADDED_FIRST_MEMORY, 1, 3},
	  {MH_ONLINE, 1, INT32_MIN}},
	 4,
	 "",
	 MH_KERNEL_DONE},
	{MH_COMPAT_V7_3,
	 true,
	 false,
	 false,
	 EPERM,
	 0,
	 DOWN,
	 {{MH_NODE_ADDING_FIRST_MEMORY, EPERM_, 3},
	  {MH_CANCEL_ONLINE, 1, INT32_MIN},
	  {MH_NODE_CANCEL_ADDING_FIRST_MEMORY, 1, 3}},
	 3,
	 "",
	 MH_KERNEL_FAILED},
	{MH_COMPAT_V7_3,
	 false,
	 true,
	 false,
	 0,
	 0,
	 DOWN,
	 {{MH_NODE_REMOVING_LAST_MEMORY, 1, 3},
	  {MH_GOING_OFFLINE, 1, INT32_MIN},
	  {MH_NODE_REMOVED_LAST_MEMORY, 1, 3},
	  {MH_OFFLINE, 1, INT32_MIN}},
	 4,
	 "",
	 MH_KERNEL_DONE},
	{MH_COMPAT_V7_3,
	 false,
	 true,
	 true,
	 0,
	 0,
	 DOWN,
	 {{MH_GOING_OFFLINE, 1, INT32_MIN}, {MH_OFFLINE, 1, INT32_MIN}},
	 2,
	 "",
	 MH_KERNEL_DONE},
	/* What no kernel does. */
	{ON1, false, true, 0, 0, UP, {{MH_GOING_ONLINE, 1, 3}}, 1, "I05", MH_KERNEL_UNEXPECTED},
	{ON1, false, true, 0, 0, UP, {{MH_ONLINE, 1, 3}, {MH_GOING_ONLINE, 1, 3}}, 2, "I05", MH_KERNEL_UNEXPECTED},
	{ON1, true, true, 0, 0, UP, {{0, 0, 0}}, 0, "I05", MH_KERNEL_UNEXPECTED},
	{ON1, false, false, EPERM, 0, DOWN, {{MH_GOING_ONLINE, EPERM_, 3}}, 1, "I05", MH_KERNEL_UNEXPECTED},
	{ON1,
	 false,
	 false,
	 EPERM,
	 0,
	 DOWN,
	 {{MH_GOING_ONLINE, EPERM_, 3}, {MH_CANCEL_ONLINE, 1, 3}, {MH_CANCEL_ONLINE, 1, 3}},
	 3,
	 "I05",
	 MH_KERNEL_UNEXPECTED},
	{ON1,
	 false,
	 false,
	 EBUSY,
	 0,
	 DOWN,
	 {{MH_GOING_ONLINE, EPERM_, 3}, {MH_CANCEL_ONLINE, 1, 3}},
	 2,
	 "I32",
	 MH_KERNEL_UNEXPECTED},
	{ON1,
	 false,
	 false,
	 EBUSY,
	 0,
	 DOWN,
	 {{MH_GOING_ONLINE, 1, 3}, {MH_CANCEL_ONLINE, 1, 3}},
	 2,
	 "I32",
	 MH_KERNEL_UNEXPECTED},
	{OFF1,
	 true,
	 true,
	 EIO,
	 0,
	 UP,
	 {{MH_GOING_OFFLINE, 1, -1}, {MH_CANCEL_OFFLINE, 1, -1}},
	 2,
	 "I32",
	 MH_KERNEL_UNEXPECTED},
	{ON1, false, true, 0, ENOMEM, UP, {{MH_GOING_ONLINE, 1, 3}, {MH_ONLINE, 1, 3}}, 2, "I32", MH_KERNEL_UNEXPECTED},
	{ON1, false, true, 0, 0, UP, {{MH_GOING_ONLINE, 1, 3}, {MH_ONLINE, 1, -1}}, 2, "I09", MH_KERNEL_UNEXPECTED},
	{ON1, false, true, 0, 0, DOWN, {{MH_GOING_ONLINE, 1, 3}, {MH_ONLINE, 1, 3}}, 2, "I40", MH_KERNEL_UNEXPECTED},
	{ON1,
	 false,
	 false,
	 EPERM,
	 0,
	 UP,
	 {{MH_GOING_ONLINE, EPERM_, 3}, {MH_CANCEL_ONLINE, 1, 3}},
	 2,
	 "I24",
	 MH_KERNEL_UNEXPECTED},
	{ON1,
	 false,
	 true,
	 EPERM,
	 0,
	 DOWN,
	 {{MH_GOING_ONLINE, EPERM_, 3}, {MH_CANCEL_ONLINE, 1, 3}},
	 2,
	 "I12",
	 MH_KERNEL_UNEXPECTED},
	{ON1, false, false, 0, 0, UP, {{MH_GOING_ONLINE, 1, 3}, {MH_ONLINE, 1, 3}}, 2, "I10", MH_KERNEL_UNEXPECTED},
	{ON1, true, true, 0, 0, UP, {{MH_GOING_ONLINE, 1, 3}, {MH_ONLINE, 1, 3}}, 2, "I10", MH_KERNEL_UNEXPECTED},
	{OFF1, true, true, 0, 0, DOWN, {{MH_GOING_OFFLINE, 1, 3}, {MH_OFFLINE, 1, 3}}, 2, "I11", MH_KERNEL_UNEXPECTED},
	{MH_COMPAT_V6_12,
	 true,
	 true,
	 true,
	 0,
	 0,
	 UP,
	 {{MH_GOING_ONLINE, 1, -1}, {MH_ONLINE, 1, -1}},
	 2,
	 "I05",
	 MH_KERNEL_UNEXPECTED},
	{MH_COMPAT_V7_3,
	 true,
	 false,
	 true,
	 0,
	 0,
	 UP,
	 {{MH_GOING_ONLINE, 1, INT32_MIN}, {MH_ONLINE, 1, INT32_MIN}},
	 2,
	 "I10",
	 MH_KERNEL_UNEXPECTED},
	{MH_COMPAT_V7_3,
	 true,
	 false,
	 true,
	 0,
	 0,
	 UP,
	 {{MH_NODE_ADDING_FIRST_MEMORY, 1, 2},
	  {MH_GOING_ONLINE, 1, INT32_MIN},
	  {MH_NODE_ADDED_FIRST_MEMORY, 1, 3},
	  {MH_ONLINE, 1, INT32_MIN}},
	 4,
	 "I09",
	 MH_KERNEL_UNEXPECTED},
};

static void note(void *data, const char *invariant, const char *detail)
{
	struct mh_text *text = data;

	cr_expect_not_null(strstr(detail, "block 32"), "%s", detail);
	mh_text_add(text, "%s%s", text->length ? " " : "", invariant);
}

static void fill(const struct row *row, struct mh_kernel_walk *walks, struct mh_kernel_operation *operation)
{
	static const struct mh_kernel_block block = {.index = 32, .node = 3};

	for (unsigned i = 0; i < row->count; i++)
		walks[i] = (struct mh_kernel_walk){
			.event = (enum mh_event)row->walks[i].event,
			.start_pfn = START,
			.nr_pages = PAGES,
			.nid = row->walks[i].nid,
			.nid_normal = row->walks[i].nid == INT32_MIN ? INT32_MIN : -1,
			.returned = true,
			.value = row->walks[i].value,
		};
	*operation = (struct mh_kernel_operation){
		.protocol = mh_protocol_of(row->compat),
		.block = &block,
		.block_pages = PAGES,
		.online = row->online,
		.before = row->online ? DOWN : UP,
		.masks_before = {true, row->memory_before, false},
		.masks_after = {true, row->memory_after, false},
		.write = {.error = -row->error, .after = row->after, .after_known = true},
		.walks = walks,
		.walk_count = row->count,
		.walks_known = true,
		.alone = true,
		.armed = row->armed,
	};
}

ParameterizedTestParameters(kernel_judge, finds_what_no_kernel_does)
{
	static int indices[sizeof(rows) / sizeof(rows[0])];

	for (int i = 0; i < (int)(sizeof(rows) / sizeof(rows[0])); i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(const int *index, kernel_judge, finds_what_no_kernel_does)
{
	struct mh_kernel_operation operation;
	struct mh_text broken = MH_TEXT_INIT;
	struct mh_kernel_judgement judgement;
	struct mh_kernel_walk walks[6];

	fill(&rows[*index], walks, &operation);
	judgement = mh_kernel_judge(&operation, note, &broken);
	cr_expect_str_eq(broken.data, rows[*index].broken, "row %d: '%s', not '%s'", *index, broken.data,
			 rows[*index].broken);
	cr_expect_eq(judgement.outcome, rows[*index].outcome, "row %d: outcome %d", *index, judgement.outcome);
	cr_expect_gt(judgement.checked, 0u);
	cr_expect_eq(judgement.unchecked, 0u);
	mh_text_release(&broken);
}

/* What was lost, or done by others meanwhile, cannot be held against it. */
Test(kernel_judge, leaves_out_what_was_not_seen)
{
	struct mh_kernel_operation operation;
	struct mh_text broken = MH_TEXT_INIT;
	struct mh_kernel_judgement judgement;
	struct mh_kernel_walk walks[6];

	fill(&rows[0], walks, &operation);
	operation.walk_count = 1;
	operation.walks_known = false;
	operation.masks_after.memory = false;
	judgement = mh_kernel_judge(&operation, note, &broken);
	cr_expect_eq(judgement.unchecked, 2u, "%u", judgement.unchecked);
	cr_expect_eq(judgement.outcome, MH_KERNEL_DONE);
	fill(&rows[0], walks, &operation);
	operation.alone = false;
	operation.masks_after.memory = false;
	operation.write.after_known = false;
	judgement = mh_kernel_judge(&operation, note, &broken);
	cr_expect_eq(judgement.unchecked, 2u, "%u", judgement.unchecked);
	cr_expect_str_eq(broken.data, "");
	mh_text_release(&broken);
}

Test(kernel_judge, a_walk_without_an_end_and_a_range_outside_are_found)
{
	struct mh_kernel_operation operation;
	struct mh_text broken = MH_TEXT_INIT;
	struct mh_kernel_walk walks[6];

	fill(&rows[0], walks, &operation);
	walks[1].returned = false;
	(void)mh_kernel_judge(&operation, note, &broken);
	cr_expect_str_eq(broken.data, "I05");
	mh_text_clear(&broken);
	fill(&rows[0], walks, &operation);
	walks[0].start_pfn = walks[1].start_pfn = START + PAGES;
	(void)mh_kernel_judge(&operation, note, &broken);
	cr_expect_str_eq(broken.data, "I09");
	/* Its first 512 pages may hold its own description. */
	mh_text_clear(&broken);
	walks[0].start_pfn = walks[1].start_pfn = START + 512;
	walks[0].nr_pages = walks[1].nr_pages = PAGES - 512;
	(void)mh_kernel_judge(&operation, note, &broken);
	cr_expect_str_eq(broken.data, "");
	mh_text_release(&broken);
}

Test(kernel_masks, a_list_of_nodes_is_read)
{
	cr_expect(mh_kernel_list_has("0-1,3", 3));
	cr_expect(mh_kernel_list_has("0-1,3", 1));
	cr_expect_not(mh_kernel_list_has("0-1,3", 2));
	cr_expect_not(mh_kernel_list_has("", 0));
	cr_expect(mh_kernel_list_has("10", 10));
	cr_expect_not(mh_kernel_list_has("10", 1));
}
