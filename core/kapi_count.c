/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread's tally: rows by caller in a small hash table, and what the callback that runs has called so far.
 *
 * A row is published once and lives as long as its tally; its counts are written by the thread alone and read by
 * whoever takes them, so they are relaxed atomics. counts.lock guards the rows of threads that have ended, and every
 * tally against its thread's end; it is taken before the registry of threads.
 */
#include "core/kapi_count.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/kapi_thread.h"
#include "core/machine_private.h"

#define BUCKETS 64u
#define WORDS   ((MH_KAPI_SYMBOLS + 63) / 64)

struct tally_row {
	struct tally_row *next; /* in its bucket */
	struct mh_kapi_key key;
	_Atomic uint64_t counts[MH_KAPI_SYMBOLS];
};

struct mh_kapi_tally {
	_Atomic(struct tally_row *) buckets[BUCKETS];
	struct tally_row *outside; /* of @caller; NULL: not looked up yet */
	enum mh_kapi_caller caller;
	/* Called since the trace of the operation had @position stamps, and by whom is not known yet. */
	uint32_t position;
	uint64_t touched[WORDS]; /* symbols with one */
	uint64_t pending[MH_KAPI_SYMBOLS];
};

static struct {
	struct mh_mutex lock;
	struct mh_kapi_tally ended;
} counts = {.lock = MH_MUTEX_INIT};

const char *const mh_kapi_symbol_names[MH_KAPI_SYMBOLS] = {
#define X(noun, text) text,
	MH_KAPI_SYMBOL_LIST(X)
#undef X
};

static bool keys_equal(const struct mh_kapi_key *a, const struct mh_kapi_key *b)
{
	return a->caller == b->caller && a->event == b->event && a->listener == b->listener;
}

static unsigned bucket_of(const struct mh_kapi_key *key)
{
	return (key->listener * MH_EVENT_COUNT + key->event + key->caller) % BUCKETS;
}

static struct tally_row *find_row(const struct mh_kapi_tally *tally, const struct mh_kapi_key *key)
{
	/* Acquire: pairs with the release of add_row(), so that another thread finds the row's key and link filled. */
	struct tally_row *row = atomic_load_explicit(&tally->buckets[bucket_of(key)], memory_order_acquire);

	while (row && !keys_equal(&row->key, key))
		row = row->next;
	return row;
}

static struct tally_row *add_row(struct mh_kapi_tally *tally, const struct mh_kapi_key *key)
{
	_Atomic(struct tally_row *) *bucket = &tally->buckets[bucket_of(key)];
	struct tally_row *row = calloc(1, sizeof(*row));

	MH_ASSERT(row); /* of a kernel call that cannot fail */
	row->key = *key;
	row->next = atomic_load_explicit(bucket, memory_order_relaxed);
	/* Release: who meets the row in find_row() or add_tally() sees it whole. */
	atomic_store_explicit(bucket, row, memory_order_release);
	return row;
}

static struct tally_row *row_of(struct mh_kapi_tally *tally, const struct mh_kapi_key *key)
{
	struct tally_row *row = find_row(tally, key);

	return row ? row : add_row(tally, key);
}

/* One writer: a load and a store, no locked addition. */
static void bump(struct tally_row *row, unsigned symbol, uint64_t count)
{
	atomic_store_explicit(&row->counts[symbol],
			      atomic_load_explicit(&row->counts[symbol], memory_order_relaxed) + count,
			      memory_order_relaxed);
}

static struct mh_kapi_tally *tally_of(struct mh_kapi_thread *self)
{
	struct mh_kapi_tally *tally = atomic_load_explicit(&self->tally, memory_order_relaxed);

	if (__builtin_expect(tally != NULL, 1))
		return tally;
	tally = calloc(1, sizeof(*tally));
	MH_ASSERT(tally); /* likewise */
	tally->caller = MH_KAPI_THREAD;
	/* Release: who takes the counts sees its buckets empty. */
	atomic_store_explicit(&self->tally, tally, memory_order_release);
	return tally;
}

static void add_outside(struct mh_kapi_tally *tally, enum mh_kapi_symbol symbol, uint64_t count)
{
	if (!tally->outside)
		tally->outside = row_of(tally, &(struct mh_kapi_key){.caller = tally->caller});
	bump(tally->outside, symbol, count);
}

/* Whom the walk had called when the trace had @position stamps: the next stamp of a call is that call's end. */
static struct mh_kapi_key caller_at(const struct mh_trace *trace, uint32_t position)
{
	const struct mh_stamp *last = position ? &trace->stamps[position - 1] : NULL;
	const bool walks = last && (last->kind == MH_STAMP_WALK_BEGIN || last->kind == MH_STAMP_CALL_BEGIN ||
				    last->kind == MH_STAMP_CALLED);

	for (uint32_t i = position; walks && i < trace->count; i++)
		if (trace->stamps[i].kind == MH_STAMP_CALLED)
			return (struct mh_kapi_key){.caller = MH_KAPI_LISTENER,
						    .event = (enum mh_event)trace->stamps[i].event,
						    .listener = trace->stamps[i].listener};
	return (struct mh_kapi_key){.caller = MH_KAPI_THREAD};
}

static bool is_pending(const struct mh_kapi_tally *tally)
{
	uint64_t any = 0;

	for (unsigned word = 0; word < WORDS; word++)
		any |= tally->touched[word];
	return any != 0;
}

static void settle(struct mh_kapi_tally *tally, const struct mh_trace *trace)
{
	struct mh_kapi_key key;
	struct tally_row *row;

	if (!is_pending(tally))
		return;
	key = caller_at(trace, tally->position);
	row = row_of(tally, &key);
	for (unsigned word = 0; word < WORDS; word++)
		for (; tally->touched[word]; tally->touched[word] &= tally->touched[word] - 1) {
			unsigned symbol = word * 64 + (unsigned)__builtin_ctzll(tally->touched[word]);

			bump(row, symbol, tally->pending[symbol]);
			tally->pending[symbol] = 0;
		}
}

void mh_kapi_count_add(enum mh_kapi_symbol symbol, uint64_t count)
{
	const struct mh_operation *operation = mh_operation_current;
	struct mh_kapi_tally *tally = tally_of(mh_kapi_self());

	if (!operation) {
		add_outside(tally, symbol, count);
		return;
	}
	if (tally->position != operation->trace->count)
		settle(tally, operation->trace);
	tally->position = operation->trace->count;
	tally->touched[symbol / 64] |= UINT64_C(1) << symbol % 64;
	tally->pending[symbol] += count;
}

void mh_kapi_count_settle(struct mh_kapi_thread *self, const struct mh_trace *trace)
{
	struct mh_kapi_tally *tally = atomic_load_explicit(&self->tally, memory_order_relaxed);

	if (tally)
		settle(tally, trace);
}

void mh_kapi_count_as(enum mh_kapi_caller caller)
{
	struct mh_kapi_tally *tally = tally_of(mh_kapi_self());

	tally->caller = caller;
	tally->outside = NULL;
}

/* @from's rows into @to, whose only writer this thread is. */
static void add_tally(struct mh_kapi_tally *to, const struct mh_kapi_tally *from)
{
	for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
		const struct tally_row *row = atomic_load_explicit(&from->buckets[bucket], memory_order_acquire);

		for (; row; row = row->next)
			for (unsigned symbol = 0; symbol < MH_KAPI_SYMBOLS; symbol++)
				bump(row_of(to, &row->key), symbol,
				     atomic_load_explicit(&row->counts[symbol], memory_order_relaxed));
	}
}

static void free_rows(struct mh_kapi_tally *tally)
{
	for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
		struct tally_row *row = atomic_load_explicit(&tally->buckets[bucket], memory_order_relaxed);

		while (row) {
			struct tally_row *next = row->next;

			free(row);
			row = next;
		}
	}
}

void mh_kapi_count_leave(struct mh_kapi_thread *self)
{
	struct mh_kapi_tally *tally = atomic_load_explicit(&self->tally, memory_order_relaxed);

	if (!tally)
		return;
	mh_mutex_lock(&counts.lock);
	add_tally(&counts.ended, tally);
	atomic_store_explicit(&self->tally, NULL, memory_order_relaxed);
	mh_mutex_unlock(&counts.lock);
	free_rows(tally);
	free(tally);
}

/* Under counts.lock, without which no thread takes its tally away. */
static void add_thread(struct mh_kapi_thread *thread, void *data)
{
	/* Acquire: pairs with the release of tally_of(). */
	const struct mh_kapi_tally *tally = atomic_load_explicit(&thread->tally, memory_order_acquire);

	if (tally)
		add_tally(data, tally);
}

static size_t count_rows(const struct mh_kapi_tally *tally)
{
	size_t count = 0;

	for (unsigned bucket = 0; bucket < BUCKETS; bucket++)
		for (const struct tally_row *row = atomic_load(&tally->buckets[bucket]); row; row = row->next)
			count++;
	return count;
}

static int compare_keys(const struct mh_kapi_key *a, const struct mh_kapi_key *b)
{
	if (a->caller != b->caller)
		return a->caller < b->caller ? -1 : 1;
	if (a->event != b->event)
		return a->event < b->event ? -1 : 1;
	return (int)a->listener - (int)b->listener;
}

static int compare_rows(const void *a, const void *b)
{
	return compare_keys(&((const struct mh_kapi_row *)a)->key, &((const struct mh_kapi_row *)b)->key);
}

static void copy_row(struct mh_kapi_row *to, const struct tally_row *from)
{
	to->key = from->key;
	for (unsigned symbol = 0; symbol < MH_KAPI_SYMBOLS; symbol++)
		to->counts[symbol] = atomic_load_explicit(&from->counts[symbol], memory_order_relaxed);
}

static int copy_rows(const struct mh_kapi_tally *tally, struct mh_kapi_counts *ret_counts)
{
	struct mh_kapi_counts copy = {.rows = calloc(count_rows(tally) + 1, sizeof(copy.rows[0]))};

	if (!copy.rows)
		return -ENOMEM;
	for (unsigned bucket = 0; bucket < BUCKETS; bucket++)
		for (const struct tally_row *row = atomic_load(&tally->buckets[bucket]); row; row = row->next)
			copy_row(&copy.rows[copy.row_count++], row);
	qsort(copy.rows, copy.row_count, sizeof(copy.rows[0]), compare_rows);
	*ret_counts = copy;
	return 0;
}

int mh_kapi_counts_take(struct mh_kapi_counts *ret_counts)
{
	struct mh_kapi_tally sum = {.caller = MH_KAPI_THREAD};
	int ret;

	mh_mutex_lock(&counts.lock);
	add_tally(&sum, &counts.ended);
	mh_kapi_threads_each(add_thread, &sum);
	mh_mutex_unlock(&counts.lock);
	ret = copy_rows(&sum, ret_counts);
	free_rows(&sum);
	return ret;
}

void mh_kapi_counts_release(struct mh_kapi_counts *released)
{
	free(released->rows);
	*released = (struct mh_kapi_counts){.row_count = 0};
}

uint64_t mh_kapi_counts_since(const struct mh_kapi_counts *before, const struct mh_kapi_row *row,
			      enum mh_kapi_symbol symbol)
{
	const struct mh_kapi_row *old = NULL;

	if (before->row_count)
		old = bsearch(row, before->rows, before->row_count, sizeof(before->rows[0]), compare_rows);
	return row->counts[symbol] - (old ? old->counts[symbol] : 0);
}
