/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Playing a row: the machine, the set-up, the operations, and what must be found behind them.
 */
#include "case_play.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "case_final.h"
#include "case_listener.h"
#include "case_pages.h"
#include "case_world.h"
#include "core/block_device.h"
#include "core/machine_private.h"
#include "core/memory_add.h"

#define LISTENERS_MAX 6
/* Turns that a thread is given to go wrong in; right code does not depend on them. */
#define TURNS_TO_GO_WRONG 2000

struct writer {
	struct case_play *play;
	struct mh_trace trace;
	struct mh_operation operation;
	struct mh_thread thread;
	uint32_t block;
	char word[CASE_WORD_SIZE];
	int64_t written;
	atomic_bool started;
};

struct case_play {
	const struct case_row *row;
	const char *chain; /* the type's name, for messages */
	struct case_world world;
	struct mh_clock clock;
	struct mh_machine *machine;
	struct writer first, second; /* the second writes from inside an event of the first */
	struct case_log log;
	struct case_listener listeners[LISTENERS_MAX];
	unsigned listener_count;
	char callbacks[CASE_WORD_SIZE];
	struct case_pages pages;
	char act[CASE_WORD_SIZE]; /* what is done after a pass */
	atomic_bool signal;
	struct mh_text results;
};

static struct mh_chain *chain_of(struct case_play *play, bool node)
{
	return node ? mh_machine_node_chain(play->machine) : mh_machine_chain(play->machine);
}

static struct case_listener *listener_of(struct case_play *play, char letter)
{
	for (unsigned i = 0; i < play->listener_count; i++)
		if (play->listeners[i].letter == letter)
			return &play->listeners[i];
	cr_assert_fail("%s: no callback %c", play->row->id, letter);
	return NULL;
}

static void listen(struct case_play *play, char letter, int priority, bool node)
{
	struct case_listener *listener = &play->listeners[play->listener_count++];
	const char name[2] = {letter, 0};

	cr_assert_leq(play->listener_count, (unsigned)LISTENERS_MAX);
	case_listener_init(listener, &play->log, letter, priority, node);
	cr_assert_eq(mh_chain_register(chain_of(play, node), &listener->nb, name), 0);
}

/* "A30 B20 node X40 Y30" */
static void listen_all(struct case_play *play)
{
	const char *at = play->callbacks;
	bool node = false;
	int length, priority;
	char letter;

	if (strcmp(at, "none") == 0)
		return;
	while (*at) {
		if (strncmp(at, "node ", 5) == 0) {
			node = true;
			at += 5;
		}
		cr_assert_eq(sscanf(at, "%c%d %n", &letter, &priority, &length), 2, "no callbacks: '%s'", at);
		listen(play, letter, priority, node);
		at += length;
	}
}

/* The writers. */

static void writer_init(struct case_play *play, struct writer *writer)
{
	*writer = (struct writer){.play = play};
	cr_assert_eq(mh_trace_init(&writer->trace, 256, MH_STAMPS_EVENT, &play->clock), 0);
	writer->operation = (struct mh_operation){.trace = &writer->trace, .signal = &play->signal};
}

static void write_block(struct writer *writer)
{
	struct mh_machine *machine = writer->play->machine;
	const char *value = strstr(writer->word, "<-");

	mh_trace_reset(&writer->trace);
	writer->operation.identity.index++;
	if (value)
		writer->written =
			mh_block_write_online(machine, &writer->operation, writer->block, value + 2, strlen(value + 2));
	else
		writer->written = mh_block_write_state(machine, &writer->operation, writer->block, writer->word,
						       strlen(writer->word));
}

static size_t length_of_write(const struct writer *writer)
{
	const char *value = strstr(writer->word, "<-");

	return strlen(value ? value + 2 : writer->word);
}

static void write_from_thread(void *data)
{
	struct writer *writer = data;

	mh_rcu_thread_enter(&mh_machine_chain(writer->play->machine)->rcu);
	atomic_store(&writer->started, true);
	write_block(writer);
	mh_rcu_thread_leave(&mh_machine_chain(writer->play->machine)->rcu);
}

static void start_second_writer(struct case_listener *self, enum mh_event event, void *arg)
{
	struct writer *writer = self->data;
	unsigned turns = 0;

	(void)arg;
	(void)event;
	self->inside = NULL;
	cr_assert_eq(mh_thread_start(&writer->thread, "writer", -1, write_from_thread, writer, NULL), 0);
	while (!atomic_load(&writer->started) || turns < TURNS_TO_GO_WRONG) {
		turns++;
		mh_yield();
	}
}

/* Results, as the table writes them. */

static void add_result(struct case_play *play, int64_t result)
{
	const char *name = result < 0 && result > -4096 ? strerrorname_np((int)-result) : NULL;

	mh_text_add(&play->results, "%s", play->results.length ? "; " : "");
	if (name)
		mh_text_add(&play->results, "-%s", name);
	else
		mh_text_add(&play->results, "%lld", (long long)result);
}

static void add_written(struct case_play *play, const struct writer *writer)
{
	if (writer->written == (int64_t)length_of_write(writer))
		mh_text_add(&play->results, "%s=", play->results.length ? "; " : "");
	else
		add_result(play, writer->written);
}

/* Operations. */

static bool parse_write(const char *step, struct writer *writer)
{
	return sscanf(step, "b%u %63[^&]", &writer->block, writer->word) == 2;
}

static void write_both(struct case_play *play, const char *second)
{
	struct case_listener *first_callback = &play->listeners[0];

	cr_assert(parse_write(second, &play->second), "no write: '%s'", second);
	play->first.word[strlen(play->first.word) - 1] = 0; /* the blank before "&" */
	play->log.named_block = CASE_NO_BLOCK;
	first_callback->data = &play->second;
	first_callback->inside = start_second_writer;
	write_block(&play->first);
	mh_thread_join(&play->second.thread);
	add_written(play, &play->first);
	add_written(play, &play->second);
}

static void add_valid_zones(struct case_play *play, uint32_t block)
{
	enum mh_zone_kind kinds[MH_ZONE_KINDS];
	unsigned count = mh_block_valid_zones(play->machine, block, kinds);

	mh_text_add(&play->results, "%s%s", play->results.length ? "; " : "", count ? "" : "none");
	for (unsigned i = 0; i < count; i++)
		mh_text_add(&play->results, "%s%s", i ? " " : "", mh_zone_names[kinds[i]]);
}

static void play_write(struct case_play *play, const char *step)
{
	const char *second = strstr(step, "& ");

	play->log.named_block = play->first.block;
	if (second) {
		write_both(play, second + 2);
		return;
	}
	if (strcmp(play->first.word, "valid_zones") == 0) {
		add_valid_zones(play, play->first.block);
		return;
	}
	case_pages_watch(&play->pages);
	write_block(&play->first);
	case_pages_unwatch(&play->pages);
	add_written(play, &play->first);
}

static void play_range(struct case_play *play, const char *step)
{
	struct mh_operation *operation = &play->first.operation;
	struct mh_memory_range range = {.node = 0};
	char verb[24];
	uint32_t last;
	int ret;

	cr_assert_eq(sscanf(step, "%23s b%u..b%u", verb, &range.first, &last), 3, "no operation: '%s'", step);
	range.count = last - range.first + 1;
	play->log.named_block = CASE_NO_BLOCK;
	if (strcmp(verb, "add") == 0)
		ret = mh_memory_add(play->machine, operation, &range);
	else if (strcmp(verb, "remove") == 0)
		ret = mh_memory_remove(play->machine, operation, range.first, range.count);
	else
		ret = mh_memory_offline_and_remove(play->machine, operation, range.first, range.count);
	add_result(play, ret);
}

static void play_operations(struct case_play *play)
{
	const char *at = play->row->operation;
	char step[CASE_WORD_SIZE];

	while ((at = case_word_next(at, step)) != NULL) {
		if (parse_write(step, &play->first))
			play_write(play, step);
		else
			play_range(play, step);
	}
}

/* Set-up. */

static void act(void *data)
{
	struct case_play *play = data;
	char letter;
	int priority;

	if (strcmp(play->act, "signal") == 0)
		atomic_store(&play->signal, true);
	else if (sscanf(play->act, "register %c%d", &letter, &priority) == 2)
		listen(play, letter, priority, false);
	else if (sscanf(play->act, "unregister %c", &letter) == 1)
		cr_assert_eq(mh_chain_unregister(chain_of(play, false), &listener_of(play, letter)->nb), 0);
	else
		cr_assert_fail("%s: cannot '%s'", play->row->id, play->act);
}

static void drop_the_balloon(struct case_listener *self, enum mh_event event, void *arg)
{
	struct case_pages *pages = self->data;

	(void)arg;
	if (event == MH_GOING_OFFLINE)
		mh_page_change(pages->machine, &pages->pages[0], MH_PAGE_RELEASED);
}

static void empty_the_nids(struct case_listener *self, enum mh_event event, void *arg)
{
	struct memory_notify *notify = arg;

	(void)self;
	if (event == MH_GOING_ONLINE)
		notify->status_change_nid = notify->status_change_nid_normal = -1;
}

static bool set_up_inside(struct case_play *play, const char *word)
{
	bool balloon = strcmp(word + 1, " drops the balloon in GF") == 0;
	struct case_listener *listener;

	if (!balloon && strcmp(word + 1, " empties the nids in GO") != 0)
		return false;
	listener = listener_of(play, *word);
	listener->data = &play->pages;
	listener->inside = balloon ? drop_the_balloon : empty_the_nids;
	return true;
}

static bool set_up_pages(struct case_play *play, const char *word)
{
	static const struct {
		const char *word;
		enum mh_page_kind kind;
	} kinds[] = {
		{"unmovable page", MH_PAGE_KERNEL},      {"pinned page", MH_PAGE_PINNED},
		{"stuck huge page", MH_PAGE_HUGE_STUCK}, {"free huge page", MH_PAGE_HUGE_FREE},
		{"balloon page", MH_PAGE_OFFLINE},
	};
	unsigned count;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(word, kinds[i].word) == 0) {
			case_pages_take(&play->pages, kinds[i].kind, 1);
			return true;
		}
	if (sscanf(word, "%u movable pages", &count) == 1)
		case_pages_take(&play->pages, MH_PAGE_MOVABLE, count);
	else if (strcmp(word, "poisoned page") == 0)
		case_pages_poison(&play->pages);
	else if (strcmp(word, "full") == 0)
		case_pages_fill(&play->pages);
	else
		return false;
	return true;
}

static int run_out_of_memory(void *data, const struct mh_hook_site *site, int value)
{
	(void)data;
	(void)site;
	(void)value;
	return -ENOMEM;
}

static bool set_up_passes(struct case_play *play, const char *word)
{
	static const struct mh_hook no_memory = {.run = run_out_of_memory};

	if (strcmp(word, "signal at start") == 0) {
		atomic_store(&play->signal, true);
	} else if (strcmp(word, "room after each pass") == 0) {
		play->pages.rooms = true;
	} else if (strcmp(word, "dissolving runs out of memory") == 0) {
		mh_machine_hook(play->machine, MH_HOOK_DISSOLVE, &no_memory);
	} else if (sscanf(word, "after %u passes: %63[^;]", &play->pages.act_after, play->act) == 2) {
		play->pages.act = act;
		play->pages.data = play;
	} else {
		return false;
	}
	return true;
}

/* "A,B,C:GO=BAD" */
static bool set_up_answer(struct case_play *play, const char *word)
{
	const char *colon = strchr(word, ':');

	if (!colon)
		return false;
	for (const char *letter = word; letter < colon; letter += 2)
		case_listener_answer(listener_of(play, *letter), colon + 1);
	return true;
}

static bool set_up_sight(struct case_play *play, const char *word)
{
	static const char *const sights[] = {"see present", "see kswapd", "see isolation", "see migrated"};

	for (unsigned i = 0; i < 4; i++)
		if (strcmp(word, sights[i]) == 0) {
			play->log.sights |= 1u << i;
			return true;
		}
	return false;
}

static void set_up_word(struct case_play *play, const char *word)
{
	if (strncmp(word, "callbacks ", 10) == 0 || case_world_take(&(struct case_world){.zone_count = 0}, word))
		return; /* of the machine: it stands already */
	if (parse_write(word, &play->first)) {
		write_block(&play->first);
		cr_assert_gt(play->first.written, 0, "%s: '%s': %lld", play->row->id, word,
			     (long long)play->first.written);
		return;
	}
	cr_assert(set_up_passes(play, word) || set_up_sight(play, word) || set_up_pages(play, word) ||
			  set_up_inside(play, word) || set_up_answer(play, word),
		  "%s: no word for a set-up: '%s'", play->row->id, word);
}

static void make_world(struct case_play *play)
{
	const char *at = play->row->set_up;
	char word[CASE_WORD_SIZE];

	case_world_init(&play->world);
	strcpy(play->callbacks, "A30 B20 C10");
	while ((at = case_word_next(at, word)) != NULL) {
		if (strncmp(word, "callbacks ", 10) == 0)
			strcpy(play->callbacks, word + 10);
		else
			(void)case_world_take(&play->world, word);
	}
}

static void set_up(struct case_play *play)
{
	const char *at = play->row->set_up;
	char word[CASE_WORD_SIZE];

	while ((at = case_word_next(at, word)) != NULL)
		set_up_word(play, word);
	case_log_begin(&play->log);
}

/* What must be found. */

static void expect_text(const struct case_play *play, const char *column, const char *got, const char *expected)
{
	cr_expect_str_eq(got, expected, "%s with %s: %s\n    got      '%s'\n    expected '%s'", play->row->id,
			 play->chain, column, got, expected);
}

static void expect_final(struct case_play *play)
{
	struct mh_text text = MH_TEXT_INIT;

	case_final_describe(play->machine, &play->world, play->log.sights, &text);
	expect_text(play, "final state", text.data, play->row->final);
	mh_text_release(&text);
	case_final_expect_spans(play->machine, &play->world, play->row->id);
}

/* The invariants hold, but for the one that the row breaks. */
static void expect_invariants(struct case_play *play)
{
	const struct mh_check *check = mh_machine_check(play->machine);
	bool named = false;

	(void)mh_check_machine(play->machine);
	for (unsigned i = 0; i < check->kept; i++)
		named |= play->row->broken && strcmp(check->violations[i].invariant, play->row->broken) == 0;
	if (play->row->broken)
		cr_expect(named, "%s with %s: %s was not named", play->row->id, play->chain, play->row->broken);
	else
		cr_expect_eq(check->kept, 0, "%s with %s: %s: %s", play->row->id, play->chain,
			     check->violations[0].invariant, check->violations[0].detail);
}

static void expect_row(struct case_play *play)
{
	case_log_end(&play->log);
	expect_text(play, "calls", play->log.text.data, play->row->calls);
	expect_text(play, "result", play->results.data, play->row->result);
	expect_final(play);
	expect_invariants(play);
}

static void begin(struct case_play *play, enum mh_chain_type type)
{
	mh_clock_init(&play->clock, MH_CLOCK_MONOTONIC);
	make_world(play);
	play->world.config.chain.type = type;
	play->chain = mh_chain_type_names[type];
	play->machine = case_world_make(&play->world, &play->clock);
	mh_rcu_thread_enter(&mh_machine_chain(play->machine)->rcu);
	play->log = (struct case_log){.machine = play->machine, .text = MH_TEXT_INIT, .last_event = -1};
	play->results = (struct mh_text)MH_TEXT_INIT;
	writer_init(play, &play->first);
	writer_init(play, &play->second);
	case_pages_init(&play->pages, play->machine);
	listen_all(play);
}

static void end(struct case_play *play)
{
	case_pages_release(&play->pages);
	for (unsigned i = 0; i < play->listener_count; i++) /* -ENOENT where the row did it */
		(void)mh_chain_unregister(chain_of(play, play->listeners[i].node), &play->listeners[i].nb);
	mh_rcu_thread_leave(&mh_machine_chain(play->machine)->rcu);
	mh_machine_free(play->machine);
	mh_trace_release(&play->first.trace);
	mh_trace_release(&play->second.trace);
	mh_text_release(&play->log.text);
	mh_text_release(&play->results);
}

static void play_with(const struct case_row *row, enum mh_chain_type type)
{
	struct case_play play;

	memset(&play, 0, sizeof(play));
	play.row = row;
	begin(&play, type);
	set_up(&play);
	play_operations(&play);
	expect_row(&play);
	end(&play);
}

void case_play(const struct case_row *row)
{
	if (row->skip)
		cr_skip_test("%s: %s", row->id, row->skip);
	if (!mh_rcu_thread_registered)
		mh_rcu_thread_register();
	for (enum mh_chain_type type = 0; type < MH_CHAIN_TYPES; type++)
		play_with(row, type);
}
