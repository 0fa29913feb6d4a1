/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each key of `where`: what matches, what does not, and the border between. A row is one condition and one call.
 */
#include "faults/where.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#include "tests/unit/faults/fault_fixture.h"

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture);
}

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(where, .init = setup, .fini = teardown);

#define COUNT(type, ...) (sizeof((type[]){__VA_ARGS__}) / sizeof(type))
#define ITEMS(...)                                                                                                     \
	{                                                                                                              \
		(struct mh_range[]){__VA_ARGS__}, COUNT(struct mh_range, __VA_ARGS__)                                  \
	}
#define WORDS(...)                                                                                                     \
	{                                                                                                              \
		(char **)(const char *[]){__VA_ARGS__}, COUNT(const char *, __VA_ARGS__)                               \
	}

/* How a row's call differs from this one: going_online, the first event of a first attempt, of block 0 in zone Normal
 * of node 0, by thread 0 of workload 0, listener "top" of priority 100. */
struct call {
	const char *listener;
	unsigned node;
	bool movable, gains_node, gains_normal;
	uint32_t block;
	unsigned worker, workload;
	uint32_t attempt;
	bool second_event;
};

static const struct row {
	const char *what;
	struct mh_where where;
	struct call call;
	bool matches;
} rows[] = {
	{"nothing asked", {.zone = MH_WHERE_ZONE_ANY}, {0}, true},
	{"event", {.event = WORDS("going_online")}, {0}, true},
	{"event, kernel's name", {.event = WORDS("mem_GOING_online")}, {0}, true},
	{"event, other", {.event = WORDS("going_offline", "online")}, {0}, false},
	{"event, one of", {.event = WORDS("offline", "going_online")}, {0}, true},
	{"callback", {.callback = (char *)"t*"}, {0}, true},
	{"callback, count 1", {.callback = (char *)"top.*"}, {0}, true},
	{"callback, other", {.callback = (char *)"mid.*"}, {0}, false},
	{"priority, low border", {.priority = ITEMS({100, 200})}, {0}, true},
	{"priority, high border", {.priority = ITEMS({-5, 100})}, {0}, true},
	{"priority, just outside", {.priority = ITEMS({-5, 99}, {101, 102})}, {0}, false},
	{"node", {.node = ITEMS({1, 1})}, {.node = 1}, true},
	{"node, other", {.node = ITEMS({1, 7})}, {.node = 0}, false},
	{"zone", {.zone = MH_WHERE_ZONE_MOVABLE}, {.movable = true}, true},
	{"zone, other", {.zone = MH_WHERE_ZONE_MOVABLE}, {0}, false},
	{"zone normal", {.zone = MH_WHERE_ZONE_NORMAL}, {0}, true},
	{"block, low border", {.block = ITEMS({3, 5})}, {.block = 3}, true},
	{"block, high border", {.block = ITEMS({3, 5})}, {.block = 5}, true},
	{"block, below", {.block = ITEMS({3, 5})}, {.block = 2}, false},
	{"block, above", {.block = ITEMS({3, 5})}, {.block = 6}, false},
	{"block, second range", {.block = ITEMS({3, 5}, {9, 9})}, {.block = 9}, true},
	{"status node", {.status_change = MH_WHERE_STATUS_NODE}, {.gains_node = true}, true},
	{"status node, none", {.status_change = MH_WHERE_STATUS_NODE}, {.gains_normal = true}, false},
	{"status normal", {.status_change = MH_WHERE_STATUS_NORMAL}, {.gains_normal = true}, true},
	{"status normal, none", {.status_change = MH_WHERE_STATUS_NORMAL}, {.gains_node = true}, false},
	{"thread", {.thread = ITEMS({1, 2})}, {.worker = 2}, true},
	{"thread, above", {.thread = ITEMS({1, 2})}, {.worker = 3}, false},
	{"thread, below", {.thread = ITEMS({1, 2})}, {.worker = 0}, false},
	{"workload", {.workload = (char *)"tog*"}, {0}, true},
	{"workload, other", {.workload = (char *)"tog*"}, {.workload = 1}, false},
	{"attempt first", {.attempt = MH_WHERE_ATTEMPT_FIRST}, {0}, true},
	{"attempt first, second", {.attempt = MH_WHERE_ATTEMPT_FIRST}, {.attempt = 1}, false},
	{"attempt retry", {.attempt = MH_WHERE_ATTEMPT_RETRY}, {.attempt = 1}, true},
	{"attempt retry, first", {.attempt = MH_WHERE_ATTEMPT_RETRY}, {0}, false},
	{"nth_event", {.nth_event = ITEMS({2, 2})}, {.second_event = true}, true},
	{"nth_event, first", {.nth_event = ITEMS({2, 2})}, {0}, false},
	{"two, both", {.callback = (char *)"top", .block = ITEMS({3, 3})}, {.block = 3}, true},
	{"two, only one", {.callback = (char *)"top", .block = ITEMS({3, 3})}, {.block = 4}, false},
};

static const struct mh_where_scope *scope(void)
{
	static const char *const workloads[] = {"toggle", "alloc"};
	static struct mh_where_scope all;

	all = (struct mh_where_scope){
		.machine = fixture.machine,
		.workloads = workloads,
		.workload_count = 2,
		.default_events = MH_EVENTS_ALL,
	};
	return &all;
}

static bool ask_event(const struct mh_where_match *match, const struct call *call, uint16_t id, enum mh_event event)
{
	struct mh_listener listener = {.id = id, .priority = 100};
	struct mh_operation operation = {
		.identity = {.workload = (uint16_t)call->workload,
			     .worker = (uint16_t)call->worker,
			     .attempt = call->attempt},
		.block = call->block,
		.node = call->node,
		.zone = call->movable ? MH_ZONE_MOVABLE : MH_ZONE_NORMAL,
		.first_memory = call->gains_node,
		.first_normal = call->gains_normal,
	};
	struct mh_hook_site site = {
		.operation = &operation,
		.event = event,
		.event_number = call->second_event ? 2 : 1,
		.listener = &listener,
		.node = call->node,
		.zone = operation.zone,
		.block = call->block,
		.arg = mh_event_is_node(event) ? NULL : &operation.arg,
	};

	strcpy(listener.name, call->listener ? call->listener : "top");
	return mh_where_matches(match, &site);
}

static bool ask(const struct mh_where_match *match, const struct call *call, uint16_t id)
{
	return ask_event(match, call, id, MH_GOING_ONLINE);
}

ParameterizedTestParameters(where, matches_as_its_row_says)
{
	static unsigned indices[sizeof(rows) / sizeof(rows[0])];

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		indices[i] = i;
	return cr_make_param_array(unsigned, indices, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(unsigned *index, where, matches_as_its_row_says)
{
	const struct row *row = &rows[*index];
	struct mh_where_match match;
	struct mh_error error = {0};
	bool matches;

	cr_assert_eq(mh_where_compile(&row->where, scope(), &match, &error), 0, "%s", error.text);
	matches = ask(&match, &row->call, 0);
	cr_expect_eq(matches, row->matches, "%s: %d, not %d", row->what, matches, row->matches);
	cr_expect_eq(ask(&match, &row->call, 0), matches, "%s: asked again", row->what);
	mh_where_match_release(&match);
}

Test(where, tells_listeners_apart_that_come_later)
{
	struct mh_where where = {.callback = (char *)"late*"};
	struct call early = {0}, late = {.listener = "late.7"};
	struct mh_where_match match;

	cr_assert_eq(mh_where_compile(&where, scope(), &match, NULL), 0);
	cr_expect_not(ask(&match, &early, 3));
	cr_expect(ask(&match, &late, MH_LISTENER_COUNT_MAX - 1));
	cr_expect_not(ask(&match, &early, 3));
	mh_where_match_release(&match);
}

/* Both chains number their listeners from 0. */
Test(where, tells_listeners_of_the_two_chains_apart)
{
	struct mh_where where = {.callback = (char *)"node*"};
	struct call memory = {0}, node = {.listener = "node"};
	struct mh_where_match match;

	cr_assert_eq(mh_where_compile(&where, scope(), &match, NULL), 0);
	cr_expect(ask_event(&match, &node, 3, MH_NODE_ADDING_FIRST_MEMORY));
	cr_expect_not(ask_event(&match, &memory, 3, MH_GOING_ONLINE));
	cr_expect(ask_event(&match, &node, 3, MH_NODE_ADDED_FIRST_MEMORY));
	mh_where_match_release(&match);
}

Test(where, status_change_is_asked_of_events_whose_argument_does_not_say_it)
{
	struct mh_where where = {.status_change = MH_WHERE_STATUS_NORMAL};
	struct call gains = {.gains_normal = true}, plain = {0};
	struct mh_where_match match;

	cr_assert_eq(mh_where_compile(&where, scope(), &match, NULL), 0);
	cr_expect(ask_event(&match, &gains, 0, MH_NODE_ADDING_FIRST_MEMORY));
	cr_expect_not(ask_event(&match, &plain, 0, MH_NODE_ADDING_FIRST_MEMORY));
	cr_expect(ask_event(&match, &gains, 0, MH_PREPARE_ONLINE));
	mh_where_match_release(&match);
}

Test(where, refuses_an_unknown_event_with_the_nearest)
{
	char *words[] = {(char *)"going_onlin"};
	struct mh_where where = {.event = {.items = words, .count = 1}};
	struct mh_error error = {0};
	unsigned events = 77;

	cr_expect_eq(mh_where_events(&where, 0, &events, &error), -EINVAL);
	cr_expect_str_eq(error.text, "unknown event 'going_onlin' (did you mean 'going_online'?)");
	cr_expect_eq(events, 77, "untouched on failure");
}

Test(where, takes_the_default_events_without_event)
{
	struct mh_where where = {.callback = NULL};
	unsigned events;

	cr_expect_eq(mh_where_events(&where, MH_EVENTS_GOING, &events, NULL), 0);
	cr_expect_eq(events, MH_EVENTS_GOING, "0x%x", events);
}
