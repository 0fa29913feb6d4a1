/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a kernel's trace, to walks. The lines are in the form of Linux 6.1, 6.12 and 7.3.
 */
#include "bench/kernel/walk_log.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "bench/kernel/release.h"
#include "made_up_tree.h"
#include "bench/kernel/trace_line.h"

#define HEAD  "     memhp-bench-512     [001] .....    12.345678: "
#define GOING HEAD "mn: (memory_notify+0x0/0x30) ev=8 start=1048576 nr=32768 nidn=-1 nid=3\n"
#define DONE                                                                                                           \
	"     memhp-bench-512     [001] .....    12.345690: mr: (online_pages+0x1a2/0x2f0 <- memory_notify) ret=1\n"

static void feed(struct mh_kernel_walk_log *log, const char *text)
{
	struct mh_error error = {.text = ""};

	cr_expect_eq(mh_kernel_walk_log_feed(log, text, strlen(text), &error), 0, "%s", error.text);
}

static void init(struct mh_kernel_walk_log *log, enum mh_compat compat)
{
	mh_kernel_walk_log_init(log, mh_protocol_of(compat), 512);
}

Test(kernel_walk_log, a_walk_has_its_event_its_argument_and_its_answer)
{
	struct mh_kernel_walk_log log;

	init(&log, MH_COMPAT_V6_1);
	feed(&log, GOING DONE);
	cr_assert_eq(log.count, 1u, "%u walks", log.count);
	cr_expect_eq(log.walks[0].event, MH_GOING_ONLINE);
	cr_expect_eq(log.walks[0].start_pfn, 1048576u);
	cr_expect_eq(log.walks[0].nr_pages, 32768u);
	cr_expect_eq(log.walks[0].nid_normal, -1);
	cr_expect_eq(log.walks[0].nid, 3);
	cr_expect(log.walks[0].returned);
	cr_expect_eq(log.walks[0].value, 1);
	cr_expect_eq(log.walks[0].begin_ns, 12345678000u);
	cr_expect_eq(log.walks[0].end_ns, 12345690000u);
	mh_kernel_walk_log_release(&log);
}

Test(kernel_walk_log, a_line_may_come_in_pieces)
{
	const char *text = GOING DONE;
	struct mh_kernel_walk_log log;

	init(&log, MH_COMPAT_V6_1);
	for (size_t i = 0; i < strlen(text); i++)
		cr_expect_eq(mh_kernel_walk_log_feed(&log, text + i, 1, NULL), 0);
	cr_assert_eq(log.count, 1u);
	cr_expect(log.walks[0].returned);
	mh_kernel_walk_log_clear(&log);
	cr_expect_eq(log.count, 0u);
	feed(&log, GOING);
	cr_expect_not(log.walks[0].returned);
	mh_kernel_walk_log_release(&log);
}

Test(kernel_walk_log, other_threads_and_lost_events_are_counted)
{
	struct mh_kernel_walk_log log;

	init(&log, MH_COMPAT_V6_1);
	feed(&log,
	     "# tracer: nop\n#\n\n" GOING "  (udev-worker)-77  [000] .....    12.1: mm: (x+0x0/0x1) a=1\n"
	     " udev: mn: (-77  [000] .....    12.345679: mn: (memory_notify+0x0/0x30) ev=8 start=1 nr=2 nidn=-1 "
	     "nid=-1\n"
	     "CPU:1 [LOST 12 EVENTS]\n"
	     "            udev-77  [000] .....    12.345680: mr: (online_pages+0x1/0x2 <- memory_notify) ret=1\n" DONE);
	cr_expect_eq(log.count, 1u);
	cr_expect(log.walks[0].returned);
	cr_expect_eq(log.others, 1u, "%lu", (unsigned long)log.others);
	cr_expect_eq(log.lost, 12u);
	feed(&log, "CPU:1 [LOST EVENTS]\n");
	cr_expect_eq(log.lost, 13u);
	mh_kernel_walk_log_release(&log);
}

Test(kernel_walk_log, kernel_6_12_leaves_the_nids_of_its_own_events_as_they_were)
{
	struct mh_kernel_walk_log log;

	init(&log, MH_COMPAT_V6_12);
	feed(&log, HEAD "mn: (memory_notify+0x0/0x30) ev=64 start=1 nr=2 nidn=-23442 nid=17\n" DONE);
	cr_assert_eq(log.count, 1u);
	cr_expect_eq(log.walks[0].event, MH_PREPARE_ONLINE);
	cr_expect_eq(log.walks[0].nid, INT32_MIN);
	mh_kernel_walk_log_release(&log);
}

Test(kernel_walk_log, kernel_7_3_has_a_chain_of_nodes_and_no_nids_on_the_other)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_kernel_walk_log log;

	init(&log, MH_COMPAT_V7_3);
	feed(&log, HEAD "nn: (node_notify+0x0/0x30) ev=1 nid=3\n" HEAD "nx: (a+0x0/0x1 <- node_notify) ret=32770\n" HEAD
			"mn: (memory_notify+0x0/0x30) ev=4 start=5 nr=6\n" DONE);
	cr_assert_eq(log.count, 2u);
	cr_expect_eq(log.walks[0].event, MH_NODE_ADDING_FIRST_MEMORY);
	cr_expect_eq(log.walks[0].nid, 3);
	cr_expect_eq(log.walks[0].value, 0x8002);
	cr_expect_eq(log.walks[1].event, MH_CANCEL_ONLINE);
	cr_expect_eq(log.walks[1].nid, INT32_MIN);
	mh_kernel_walks_show(log.walks, log.count, &text);
	cr_expect_str_eq(text.data, "NODE_ADDING_FIRST_MEMORY MEM_CANCEL_ONLINE");
	mh_text_release(&text);
	mh_kernel_walk_log_release(&log);
}

/* What cannot be, and the sentence of it. */
static const struct {
	const char *text, *says;
} wrong[] = {
	{HEAD "mn: (memory_notify+0x0/0x30) ev=64 start=1 nr=2 nidn=-1 nid=-1\n",
	 "event 64 on the memory chain, which Linux v6.1 does not have"},
	{HEAD "nn: (node_notify+0x0/0x30) ev=1 nid=3\n", "event 1 on the node chain, which Linux v6.1 does not have"},
	{DONE, "a walk of the memory chain end that did not begin"},
	{GOING GOING, "MEM_GOING_ONLINE within the walk of MEM_GOING_ONLINE"},
	{GOING HEAD "nx: (a+0x0/0x1 <- node_notify) ret=0\n", "a walk of the node chain end that did not begin"},
	{HEAD "mn: (memory_notify+0x0/0x30) ev=8 start=(fault) nr=2 nidn=-1 nid=-1\n", "start=(fault)"},
	{HEAD "mn: (memory_notify+0x0/0x30) ev=8 start=1 nr=2 nidn=-1 nid=99999999999\n", "cannot be read"},
	{HEAD "mn: (memory_notify+0x0/0x30) start=1 nr=2\n", "cannot be read"},
	{HEAD "mr: (a+0x0/0x1 <- memory_notify) ret=\n", "cannot be read"},
	{"memhp-bench-512 [001] ..... 12345678: mr: (a+0x0/0x1 <- memory_notify) ret=1\n", "cannot be read"},
	{"memhp-bench [001] ..... 1.345678: mr: (a+0x0/0x1 <- memory_notify) ret=1\n", "cannot be read"},
	{"memhp-bench-512 001 ..... 1.345678: mr: (a+0x0/0x1 <- memory_notify) ret=1\n", "cannot be read"},
	{": mr: (a+0x0/0x1 <- memory_notify) ret=1\n", "cannot be read"},
};

ParameterizedTestParameters(kernel_walk_log, refuses_what_cannot_be)
{
	static int rows[sizeof(wrong) / sizeof(wrong[0])];

	for (int i = 0; i < (int)(sizeof(wrong) / sizeof(wrong[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(wrong) / sizeof(wrong[0]));
}

ParameterizedTest(const int *row, kernel_walk_log, refuses_what_cannot_be)
{
	struct mh_error error = {.text = ""};
	struct mh_kernel_walk_log log;
	const char *text = wrong[*row].text;

	init(&log, MH_COMPAT_V6_1);
	cr_expect_eq(mh_kernel_walk_log_feed(&log, text, strlen(text), &error), -EPROTO, "%s", text);
	cr_expect_not_null(strstr(error.text, wrong[*row].says), "%s", error.text);
	/* What comes behind it is read all the same. */
	mh_kernel_walk_log_clear(&log);
	feed(&log, GOING DONE);
	cr_expect_eq(log.count, 1u);
	mh_kernel_walk_log_release(&log);
}

Test(kernel_walk_log, more_walks_than_an_operation_has_are_counted)
{
	struct mh_kernel_walk_log log;

	init(&log, MH_COMPAT_V6_1);
	for (int i = 0; i < MH_KERNEL_WALKS_MAX + 2; i++)
		feed(&log, GOING DONE);
	cr_expect_eq(log.count, (unsigned)MH_KERNEL_WALKS_MAX);
	cr_expect_eq(log.cut, 2u);
	mh_kernel_walk_log_release(&log);
}

/* Releases, and whose protocol they keep; -1: not known. */
static const struct {
	const char *text;
	int compat;
} releases[] = {
	{"6.1.0-56-amd64", MH_COMPAT_V6_1},
	{"6.8.12", MH_COMPAT_V6_1},
	{"6.9.0-rc1", MH_COMPAT_V6_12},
	{"6.12.95+deb13-amd64", MH_COMPAT_V6_12},
	{"6.16", MH_COMPAT_V6_12},
	{"6.17.1", -1},
	{"6.18.0", -1},
	{"6.19.3", MH_COMPAT_V7_3},
	{"7.3.4-amd64", MH_COMPAT_V7_3},
	{"7.11", MH_COMPAT_V7_3},
	{"8.0", -1},
	{"6.0.9", -1},
	{"5.15.0", -1},
	{"", -1},
	{"linux", -1},
};

Test(kernel_release, picks_the_protocol)
{
	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
		struct mh_kernel_release release;
		struct mh_error error = {.text = ""};
		int ret = mh_kernel_release_parse(releases[i].text, &release, &error);

		cr_expect_eq(ret == 0 ? (int)release.compat : -1, releases[i].compat, "'%s': %d", releases[i].text,
			     ret);
		cr_expect_eq(ret == 0, error.text[0] == '\0', "'%s': %s", releases[i].text, error.text);
	}
}

/* 6.12.95 numbers events by bits, 6.12.117 from 0 on: enumerators have names among the kernel's types. */
Test(kernel_release, looks_how_the_kernel_numbers_its_events)
{
	struct mh_kernel_release release;
	struct made_up_tree made_up;
	struct mh_error error;

	made_up_init(&made_up);
	made_up_file(&made_up, "/proc/sys/kernel/osrelease", "6.12.117+deb12-amd64\n");
	cr_assert_eq(mh_kernel_release_read(&made_up.tree, &release, &error), 0, "%s", error.text);
	cr_expect_eq(release.protocol, mh_protocol_of(MH_COMPAT_V6_12));
	made_up_bytes(&made_up, "/sys/kernel/btf/vmlinux", "int\0OLD_MEM_GOING_OFFLINE\0MEM_GOING_OFFLINE_OLD", 46);
	cr_assert_eq(mh_kernel_release_read(&made_up.tree, &release, &error), 0, "%s", error.text);
	cr_expect_eq(release.protocol, mh_protocol_of(MH_COMPAT_V6_12));
	made_up_bytes(&made_up, "/sys/kernel/btf/vmlinux", "int\0MEM_ONLINE\0MEM_GOING_OFFLINE", 33);
	cr_assert_eq(mh_kernel_release_read(&made_up.tree, &release, &error), 0, "%s", error.text);
	cr_expect_eq(mh_protocol_event(release.protocol, false, 0), MH_ONLINE);
	cr_expect_eq(mh_protocol_event(release.protocol, false, 1), MH_GOING_OFFLINE);
	cr_expect_eq(mh_protocol_event(release.protocol, false, 7), MH_FINISH_OFFLINE);
	cr_expect_eq(mh_protocol_event(release.protocol, false, 8), -1);
	cr_expect_str_eq(release.protocol->name, "v6.12");
	made_up_release(&made_up);
}
