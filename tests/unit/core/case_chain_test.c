/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * semantics.md 9.3: the chain itself, a column each type: a row is played on chains of every type and RCU flavour. C81,
 * C82 and C86 need a machine and stand in a table of case_play.h.
 *
 * Set-up and steps are parted by ";":
 *	"A5"                    register A with priority 5; what is not 0 goes to the log
 *	"unique B5"             the same by mh_chain_register_unique
 *	"again A", "again unique A", "unregister A"
 *	"B is 10"               its priority is changed in place
 *	"B answers 0x8002"
 *	"A: T registers D4"     what A does in its next call: T is another thread, and the walk goes on when T has
 *	                        returned, or waits: then it is joined behind the walk
 *	"A: registers D4", "A: unregisters A", "A: unregisters A later" (the async variant), "A: walks"
 *	"walk"                  what is called goes to the log
 *	"walk 2"                no more than two: then number and value; of a walk inside a walk, "done" and the value
 *	"robust"                up and down: the calls, and the value
 * The log: results of steps (errnos), "returned" or "waits" of T, the letters of the calls of a walk.
 */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "base/text.h"
#include "case_play.h"
#include "case_world.h"
#include "chain_fixture.h"

/* What waits for ever has failed; right code needs a small part of this. */
TestSuite(case_chain, .timeout = 60);

/* Turns that a thread is given to go wrong in; right code does not depend on them. */
#define TURNS_TO_GO_WRONG 2000
#define LISTENERS         6

enum { UP = 1, DOWN = 2 };

struct chain_row {
	const char *id, *set_up, *steps;
	const char *log[MH_CHAIN_TYPES]; /* a column each */
};

#define EACH(array, list, rwlock, mutex)                                                                               \
	{                                                                                                              \
		[MH_CHAIN_RCU_ARRAY] = array, [MH_CHAIN_RCU_LIST] = list, [MH_CHAIN_RWLOCK] = rwlock,                  \
		[MH_CHAIN_MUTEX] = mutex                                                                               \
	}
#define ALL(log)               EACH(log, log, log, log)
#define RCU_OR_LOCK(rcu, lock) EACH(rcu, rcu, lock, lock)

/* clang-format off */
static const struct chain_row rows[] = {
	{"C70", "A5; B5; C7; D5; E0; F-3", "walk", ALL("C A B D E F")},
	{"C71", "A5; B3", "again A; walk", ALL("-EEXIST A B")},
	{"C72", "A5; B3", "unregister D; walk; unregister B; unregister B; walk", ALL("-ENOENT A B 0 -ENOENT A")},
	{"C73", "A5", "unique B5; unique C4; again unique A; walk", ALL("-EBUSY 0 -EEXIST A C")},
	{"C74", "A5; B5", "again unique B; again B; walk", ALL("-EBUSY -EEXIST A B")},
	{"C74, the first of its priority", "A5; B5", "again unique A; walk", ALL("-EEXIST A B")},
	{"C75", "A5; B3; B is 10", "again B; walk", ALL("-EEXIST A B")},
	{"C75, unique", "A5; B3; B is 10", "again unique B; walk", ALL("-EEXIST A B")},
	{"C76", "A5; B3", "A: T registers D4; walk; walk", RCU_OR_LOCK("A returned B 0 A D B", "A waits B 0 A D B")},
	{"C76, from inside", "A5; B3", "A: registers D4; walk; walk", RCU_OR_LOCK("A 0 B A D B", "A -EDEADLK B A B")},
	{"C77", "A5; B3", "A: T registers D1; walk; walk",
	 EACH("A returned B 0 A B D", "A returned B D 0 A B D", "A waits B 0 A B D", "A waits B 0 A B D")},
	{"C77, from inside", "A5; B3", "A: registers D1; walk; walk",
	 EACH("A 0 B A B D", "A 0 B D A B D", "A -EDEADLK B A B", "A -EDEADLK B A B")},
	{"C78", "A5", "A: T registers D1; walk; walk", RCU_OR_LOCK("A returned 0 A D", "A waits 0 A D")},
	{"C78, from inside", "A5", "A: registers D1; walk; walk", RCU_OR_LOCK("A 0 A D", "A -EDEADLK A")},
	{"C79", "A5; B3", "A: unregisters A; walk; walk", ALL("A -EDEADLK B A B")},
	{"C79, later", "A5; B3", "A: unregisters A later; walk; walk", RCU_OR_LOCK("A 0 B B", "A -EOPNOTSUPP B A B")},
	{"C80", "A5; B3", "A: T unregisters B; walk; walk", ALL("A waits B 0 A")},
	{"C83", "A30; B20; C10; B answers 0x8002", "robust", EACH("A B down A 0x8002", "-EOPNOTSUPP", "A B down A 0x8002", "A B down A 0x8002")},
	{"C84, A vetoes", "A30; B20; C10; A answers 0x8002", "robust", EACH("A 0x8002", "-EOPNOTSUPP", "A 0x8002", "A 0x8002")},
	{"C84, B stops", "A30; B20; C10; B answers 0x8001", "robust",
	 EACH("A B down A 0x8001", "-EOPNOTSUPP", "A B down A 0x8001", "A B down A 0x8001")},
	{"C84, the last vetoes and down is cut", "A30; B20; C10; C answers 0x8002; A answers down 0x8001", "robust",
	 EACH("A B C down A 0x8002", "-EOPNOTSUPP", "A B C down A 0x8002", "A B C down A 0x8002")},
	{"C83, nobody vetoes", "A30; B20", "robust", EACH("A B 0x1", "-EOPNOTSUPP", "A B 0x1", "A B 0x1")},
	{"C83, nobody there", "", "robust", EACH("0", "-EOPNOTSUPP", "0", "0")},
	{"C85", "A30; B20; C10; B answers 2", "walk 2", ALL("A B called 2 value 0x2")},
	{"C85, none and all", "A30; B20; C10; C answers 4", "walk 0; walk 9", ALL("called 0 value 0 A B C called 3 value 0x4")},
	{"C87", "A5; B3; B answers 2", "A: walks; walk 9; unregister A; walk", ALL("A A B done 0x2 B called 2 value 0x2 0 B")},
};
/* clang-format on */

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

struct chain_play {
	struct chain_fixture fixture;
	const struct chain_row *row;
	struct chain_listener listeners[LISTENERS]; /* by letter */
	struct chain_thread thread;
	struct mh_text log;
	char inside[CASE_WORD_SIZE]; /* what the first listener is to do */
	int down_answer[LISTENERS];
	bool joins; /* T was started */
};

static struct chain_listener *listener_of(struct chain_play *play, char letter)
{
	cr_assert(letter >= 'A' && letter < 'A' + LISTENERS, "%s: no listener '%c'", play->row->id, letter);
	return &play->listeners[letter - 'A'];
}

static void add_log(struct chain_play *play, const char *word)
{
	mh_text_add(&play->log, "%s%s", play->log.length ? " " : "", word);
}

static void add_result(struct chain_play *play, int result)
{
	char text[32];

	if (result < 0)
		snprintf(text, sizeof(text), "-%s", strerrorname_np(-result));
	else
		snprintf(text, sizeof(text), "%d", result);
	add_log(play, text);
}

/* What T does. */

static bool is_rcu(const struct chain_play *play)
{
	return chain_combination_is_rcu(&play->fixture.config);
}

static void start_thread(struct chain_play *play, bool registers, struct chain_listener *listener)
{
	struct chain_thread *thread = &play->thread;
	uint32_t count = mh_chain_count(&play->fixture.chain);
	unsigned turns = 0;

	chain_thread_start(thread, &play->fixture, registers ? chain_thread_register : chain_thread_unregister,
			   &listener->nb);
	play->joins = true;
	chain_wait_for(&thread->started);
	if (is_rcu(play) && registers)
		chain_wait_for(&thread->returned); /* never waits for the walk: else this would hang */
	while (is_rcu(play) && !registers && mh_chain_count(&play->fixture.chain) == count)
		mh_yield(); /* until it has left the chain; then its thread waits for us */
	while (!atomic_load(&thread->returned) && turns++ < TURNS_TO_GO_WRONG)
		mh_yield();
	add_log(play, atomic_load(&thread->returned) ? "returned" : "waits");
}

static void join_thread(struct chain_play *play)
{
	if (!play->joins)
		return;
	play->joins = false;
	mh_rcu_thread_leave(&play->fixture.chain.rcu); /* qsbr: this thread holds nothing while it joins */
	mh_thread_join(&play->thread.thread);
	mh_rcu_thread_enter(&play->fixture.chain.rcu);
	add_result(play, play->thread.result);
}

/* In callbacks. */

static void walk_inside(struct chain_play *play)
{
	int value = mh_chain_call(&play->fixture.chain, UP, NULL, -1, NULL);

	mh_text_add(&play->log, " done %#x", (unsigned)value);
}

static void on_call(struct chain_listener *self);

static struct chain_listener *init_listener(struct chain_play *play, char letter, int priority)
{
	struct chain_listener *listener = listener_of(play, letter);

	chain_listener_init(listener, &play->fixture, letter, priority);
	listener->inside = on_call;
	return listener;
}

static void act_inside(struct chain_play *play, const char *action)
{
	struct mh_chain *chain = &play->fixture.chain;
	char letter;
	int priority;

	if (sscanf(action, "T registers %c%d", &letter, &priority) == 2)
		start_thread(play, true, init_listener(play, letter, priority));
	else if (sscanf(action, "T unregisters %c", &letter) == 1)
		start_thread(play, false, listener_of(play, letter));
	else if (sscanf(action, "registers %c%d", &letter, &priority) == 2)
		add_result(play, mh_chain_register(chain, &init_listener(play, letter, priority)->nb, NULL));
	else if (strcmp(action, "unregisters A later") == 0)
		add_result(play, mh_chain_unregister_async(chain, &listener_of(play, 'A')->nb, NULL, NULL));
	else if (sscanf(action, "unregisters %c", &letter) == 1)
		add_result(play, mh_chain_unregister(chain, &listener_of(play, letter)->nb));
	else if (strcmp(action, "walks") == 0)
		walk_inside(play);
	else
		cr_assert_fail("%s: nobody can '%s'", play->row->id, action);
}

static void on_call(struct chain_listener *self)
{
	struct chain_play *play = self->fixture->data;
	const char letter[2] = {self->letter, 0};
	char action[CASE_WORD_SIZE];

	if (self->seen_action == DOWN) {
		add_log(play, "down");
		self->answer = play->down_answer[self->letter - 'A'];
	}
	add_log(play, letter);
	if (self->letter != 'A' || !play->inside[0])
		return;
	strcpy(action, play->inside);
	play->inside[0] = 0; /* once */
	act_inside(play, action);
}

/* Steps. */

static void walk(struct chain_play *play, int count_max)
{
	int called, value = mh_chain_call(&play->fixture.chain, UP, NULL, count_max, &called);

	if (count_max >= 0)
		mh_text_add(&play->log, "%scalled %d value %#x", play->log.length ? " " : "", called, (unsigned)value);
	join_thread(play);
}

static void call_robust(struct chain_play *play)
{
	char text[16];
	int value, ret = mh_chain_call_robust(&play->fixture.chain, UP, DOWN, NULL, &value);

	if (ret < 0) {
		add_result(play, ret);
		return;
	}
	snprintf(text, sizeof(text), "%#x", (unsigned)value);
	add_log(play, text);
}

static bool play_walk(struct chain_play *play, const char *step)
{
	int count_max = -1;

	if (strcmp(step, "robust") == 0)
		call_robust(play);
	else if (strcmp(step, "walk") == 0 || sscanf(step, "walk %d", &count_max) == 1)
		walk(play, count_max);
	else if (strncmp(step, "A: ", 3) == 0)
		strcpy(play->inside, step + 3);
	else
		return false;
	return true;
}

static bool play_change(struct chain_play *play, const char *step)
{
	int number;
	char letter;

	if (sscanf(step, "%c is %d", &letter, &number) == 2)
		listener_of(play, letter)->nb.priority = number;
	else if (sscanf(step, "%c answers down %i", &letter, &number) == 2)
		play->down_answer[letter - 'A'] = number;
	else if (sscanf(step, "%c answers %i", &letter, &number) == 2)
		listener_of(play, letter)->answer = number;
	else
		return false;
	return true;
}

/* 1 when @step is none of a registration. */
static int register_step(struct chain_play *play, const char *step)
{
	struct mh_chain *chain = &play->fixture.chain;
	char letter;
	int priority;

	if (sscanf(step, "again unique %c", &letter) == 1)
		return mh_chain_register_unique(chain, &listener_of(play, letter)->nb, NULL);
	if (sscanf(step, "again %c", &letter) == 1)
		return mh_chain_register(chain, &listener_of(play, letter)->nb, NULL);
	if (sscanf(step, "unregister %c", &letter) == 1)
		return mh_chain_unregister(chain, &listener_of(play, letter)->nb);
	if (sscanf(step, "unique %c%d", &letter, &priority) == 2)
		return mh_chain_register_unique(chain, &init_listener(play, letter, priority)->nb, NULL);
	if (sscanf(step, "%c%d", &letter, &priority) == 2)
		return mh_chain_register(chain, &init_listener(play, letter, priority)->nb, NULL);
	return 1;
}

static void play_steps(struct chain_play *play, const char *steps, bool recorded)
{
	char step[CASE_WORD_SIZE];

	while ((steps = case_word_next(steps, step)) != NULL) {
		int result;

		if (play_walk(play, step) || play_change(play, step))
			continue;
		result = register_step(play, step);
		cr_assert_leq(result, 0, "%s: no step: '%s'", play->row->id, step);
		if (recorded || result)
			add_result(play, result);
	}
}

static void play_row(const struct chain_row *row, const struct mh_chain_config *config)
{
	struct chain_play play = {.row = row, .log = MH_TEXT_INIT};

	chain_fixture_begin(&play.fixture, config);
	play.fixture.data = &play;
	play_steps(&play, row->set_up, false);
	play_steps(&play, row->steps, true);
	cr_expect_str_eq(play.log.data, row->log[config->type], "%s with %s:\n    got      '%s'\n    expected '%s'",
			 row->id, chain_combination_name(config), play.log.data, row->log[config->type]);
	chain_fixture_end(&play.fixture);
	mh_text_release(&play.log);
}

ParameterizedTestParameters(case_chain, plays_the_rows_of_9_3)
{
	static int indices[ROW_COUNT];

	for (int i = 0; i < (int)ROW_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, ROW_COUNT);
}

ParameterizedTest(int *index, case_chain, plays_the_rows_of_9_3)
{
	for (int i = 0; i < CHAIN_COMBINATIONS; i++)
		play_row(&rows[*index], &chain_combinations[i]);
}

/* What needs an operation around the chain; the same for every type. */
#define MIGRATING "callbacks A30 B20; b3 online; full; b2 online; 2 movable pages; room after each pass; "

/* clang-format off */
static const struct case_row machine_rows[] = {
	CASE("C81", MIGRATING "after 1 passes: register D20", "b2 offline", "GF:A,B {-1,-1}; OF:A,B,D {-1,-1}", "=",
	     "b3 Normal; memory 0; normal 0; kswapd 0"),
	CASE("C82", MIGRATING "after 1 passes: unregister B", "b2 offline", "GF:A,B {-1,-1}; OF:A {-1,-1}", "=",
	     "b3 Normal; memory 0; normal 0; kswapd 0"),
	CASE("C86", "", "b2 online & b3 online",
	     "GO:A,B,C {0,0} b2; ON:A,B,C {0,0} b2; GO:A,B,C {-1,-1} b3; ON:A,B,C {-1,-1} b3", "=; =",
	     "b2 Normal, b3 Normal; memory 0; normal 0; kswapd 0"),
};
/* clang-format on */

CASE_TABLE(case_chain, plays_the_rows_of_9_3_with_a_machine, machine_rows)
