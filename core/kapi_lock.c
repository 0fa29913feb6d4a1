/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spinlocks, mutexes, rwlocks and rw_semaphores of modules: one word, and an entry in the list of the thread that holds
 * it (kapi_held.c), by which owners are checked.
 *
 * The word: bit 0 someone waits at the lock's place (kapi_park.c), bit 1 taken for writing, above them the count of
 * readers. The waiters' bit is set only while the lock is taken. Who releases exchanges the whole word and wakes by
 * address: as the kernel's spinlocks allow, the next holder may have freed the lock by then.
 *
 * Unlike the kernel's, readers pass writers that wait, and a lock taken twice by its thread is reported and goes on.
 */
#include "core/kapi_lock.h"

#include <stdint.h>

#include <memhp/kapi_lock.h>

#include "base/assert.h"
#include "core/kapi_count.h"
#include "core/kapi_park.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_thread.h"

#define WAITED  1ul
#define WRITER  2ul
#define READER  4ul
#define TAKEN   (~WAITED)
#define KIND_OF 7u

/* Turns before a thread goes to the lock's place: sections under a spinlock are short. */
#define SPIN_TURNS 64

MH_STATIC_ASSERT(MEMHP_LOCK_SPIN == MH_KAPI_SPIN && MEMHP_LOCK_RWSEM == MH_KAPI_RWSEM, "kinds are numbered alike");

static enum mh_kapi_held_kind kind_of(unsigned mode)
{
	return (enum mh_kapi_held_kind)(mode & KIND_OF);
}

#define LOCK_SYMBOLS_COUNT (MH_KAPI_CALL_DOWN_READ - MH_KAPI_CALL_SPIN_LOCK + 1)

MH_STATIC_ASSERT(
	(int)MH_KAPI_CALL_DOWN_WRITE - (int)MH_KAPI_CALL_SPIN_LOCK == MH_KAPI_RWSEM &&
		(int)MH_KAPI_CALL_DOWN_READ - (int)MH_KAPI_CALL_DOWN_WRITE == 2 &&
		(int)MH_KAPI_CALL_DOWN_READ_TRYLOCK - (int)MH_KAPI_CALL_DOWN_READ == LOCK_SYMBOLS_COUNT,
	"symbols of locks stand in the order of the kinds, then those for reading; then all again for trylock");

static enum mh_kapi_symbol symbol_of(unsigned mode)
{
	unsigned kind = (unsigned)kind_of(mode) + (mode & MEMHP_LOCK_READ ? 2 : 0);

	return (enum mh_kapi_symbol)(MH_KAPI_CALL_SPIN_LOCK + kind);
}

static bool kind_sleeps(unsigned mode)
{
	return kind_of(mode) == MH_KAPI_MUTEX || kind_of(mode) == MH_KAPI_RWSEM;
}

static unsigned long load(const struct memhp_lock *lock)
{
	return __atomic_load_n(&lock->word, __ATOMIC_RELAXED);
}

/*
 * @flag: WAITED when others may wait at the place, else 0. Acquire: what the last holder did comes before what this one
 * does; pairs with the release of give().
 */
static bool take(struct memhp_lock *lock, unsigned mode, unsigned long flag)
{
	unsigned long busy = mode & MEMHP_LOCK_READ ? WRITER : TAKEN;
	unsigned long more = mode & MEMHP_LOCK_READ ? READER : WRITER;
	unsigned long old = load(lock);

	while (!(old & busy))
		if (__atomic_compare_exchange_n(&lock->word, &old, (old + more) | flag, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

/* False: the lock was released in between. */
static bool mark_waited(struct memhp_lock *lock, unsigned mode)
{
	unsigned long busy = mode & MEMHP_LOCK_READ ? WRITER : TAKEN;
	unsigned long old = load(lock);

	return (old & busy) &&
	       __atomic_compare_exchange_n(&lock->word, &old, old | WAITED, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* The holder sees the mark, or the mark fails: so it wakes after we wait, for it needs the place's lock. */
static void wait_for(struct memhp_lock *lock, unsigned mode)
{
	struct mh_kapi_park *park = mh_kapi_park_of(lock);

	mh_mutex_lock(&park->lock);
	/* Taken with the mark: others may have waited beside us. */
	while (!take(lock, mode, WAITED))
		if (mark_waited(lock, mode))
			mh_condition_wait(&park->changed, &park->lock);
	mh_mutex_unlock(&park->lock);
}

static void acquire(struct memhp_lock *lock, unsigned mode)
{
	for (unsigned turn = 0; turn < SPIN_TURNS; turn++) {
		if (take(lock, mode, 0))
			return;
		mh_cpu_relax();
	}
	wait_for(lock, mode);
}

/* Release: pairs with the acquire of take(). The last reader clears the mark, too. Nothing of @lock is used after. */
static void give(struct memhp_lock *lock, bool read)
{
	unsigned long old = load(lock), left;

	do {
		left = read && old >= 2 * READER ? old - READER : 0;
	} while (!__atomic_compare_exchange_n(&lock->word, &old, left, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
	if ((old & WAITED) && !left)
		mh_kapi_park_wake(lock);
}

void mh_kapi_lock_let_go(const struct mh_kapi_held *held)
{
	give((struct memhp_lock *)(uintptr_t)held->object, held->read);
}

/* A second taking of a lock that this thread holds would wait for itself. Only an rwlock may be read twice. */
static bool take_again(struct mh_kapi_thread *self, const struct mh_kapi_held *wanted)
{
	struct mh_kapi_held *held = mh_kapi_held_find(self, wanted->object, wanted->kind);

	if (!held)
		return false;
	if (!(held->read && wanted->read && wanted->kind == MH_KAPI_RWLOCK))
		mh_kapi_report(MH_KAPI_RULE_LOCK,
			       "%s '%s' is taken at %s by thread '%s', which has held it since %s: it would wait for "
			       "itself",
			       mh_kapi_held_kind_name(wanted->kind), wanted->name, wanted->where, self->task.comm,
			       held->where);
	mh_kapi_held_enter(self, wanted);
	return true;
}

static struct mh_kapi_held entry(struct memhp_lock *lock, unsigned mode, const char *name, const char *where)
{
	return (struct mh_kapi_held){.object = lock,
				     .name = name,
				     .where = where,
				     .kind = kind_of(mode),
				     .read = (mode & MEMHP_LOCK_READ) != 0,
				     .depth = 1};
}

void memhp_lock(struct memhp_lock *lock, unsigned mode, const char *name, const char *where)
{
	struct mh_kapi_held held = entry(lock, mode, name, where);
	struct mh_kapi_thread *self = mh_kapi_self();

	mh_kapi_count(symbol_of(mode));
	if (kind_sleeps(mode))
		mh_kapi_might_sleep(where);
	if (take_again(self, &held))
		return;
	acquire(lock, mode);
	mh_kapi_held_add(self, &held);
}

int memhp_lock_try(struct memhp_lock *lock, unsigned mode, const char *name, const char *where)
{
	struct mh_kapi_held held = entry(lock, mode, name, where);
	struct mh_kapi_thread *self = mh_kapi_self();

	mh_kapi_count((enum mh_kapi_symbol)(symbol_of(mode) + LOCK_SYMBOLS_COUNT));
	if (held.read && kind_of(mode) == MH_KAPI_RWLOCK && mh_kapi_held_find(self, lock, MH_KAPI_RWLOCK))
		return mh_kapi_held_find(self, lock, MH_KAPI_RWLOCK)->read ? take_again(self, &held) : 0;
	if (!take(lock, mode, 0))
		return 0;
	mh_kapi_held_add(self, &held);
	return 1;
}

struct search {
	const void *object;
	bool found;
	struct mh_kapi_held held;
};

/* The entry is taken from the thread that has it, so that the lock is free for whoever is next. */
static void search_thread(struct mh_kapi_thread *thread, void *data)
{
	struct search *search = data;

	mh_mutex_lock(&thread->lock);
	for (unsigned i = 0; i < thread->held_count && !search->found; i++) {
		struct mh_kapi_held *held = &thread->held[i];

		if (held->object != search->object || mh_kapi_held_is_gone(held))
			continue;
		search->held = *held;
		search->found = true;
		mh_kapi_held_disown(held);
	}
	mh_mutex_unlock(&thread->lock);
}

static void unlock_unheld(struct memhp_lock *lock, unsigned mode, const char *name, const char *where)
{
	struct search search = {.object = lock};
	const char *kind = mh_kapi_held_kind_name(kind_of(mode));
	const char *self = mh_kapi_self()->task.comm;

	if (mh_kapi_held_forget_lost(mh_kapi_self())) {
		give(lock, (mode & MEMHP_LOCK_READ) != 0);
		return;
	}
	mh_kapi_threads_each(search_thread, &search);
	if (!search.found) {
		mh_kapi_report(MH_KAPI_RULE_LOCK, "%s '%s' is released at %s by thread '%s': nobody holds it", kind,
			       name, where, self);
		return;
	}
	mh_kapi_report(MH_KAPI_RULE_LOCK, "%s '%s' is released at %s by thread '%s': another holds it since %s", kind,
		       name, where, self, search.held.where);
	give(lock, search.held.read);
}

void memhp_unlock(struct memhp_lock *lock, unsigned mode, const char *name, const char *where)
{
	struct mh_kapi_thread *self = mh_kapi_self();
	struct mh_kapi_held *held = mh_kapi_held_find(self, lock, kind_of(mode));
	bool read = (mode & MEMHP_LOCK_READ) != 0;

	if (!held) {
		unlock_unheld(lock, mode, name, where);
		return;
	}
	if (held->depth > 1) {
		(void)mh_kapi_held_leave(self, lock, held->kind);
		return;
	}
	if (held->read != read)
		mh_kapi_report(MH_KAPI_RULE_LOCK, "%s '%s' is released for %s at %s: it was taken for %s at %s",
			       mh_kapi_held_kind_name(held->kind), name, read ? "reading" : "writing", where,
			       read ? "writing" : "reading", held->where);
	read = held->read;
	mh_kapi_held_remove(self, held);
	give(lock, read);
}

void memhp_lock_downgrade(struct memhp_lock *lock, unsigned mode, const char *name, const char *where)
{
	struct mh_kapi_thread *self = mh_kapi_self();
	struct mh_kapi_held *held = mh_kapi_held_find(self, lock, kind_of(mode));

	if (!held || held->read) {
		mh_kapi_report(MH_KAPI_RULE_LOCK, "%s '%s' is downgraded at %s by thread '%s', which is not its writer",
			       mh_kapi_held_kind_name(kind_of(mode)), name, where, self->task.comm);
		return;
	}
	mh_mutex_lock(&self->lock);
	held->read = true;
	mh_mutex_unlock(&self->lock);
	/* Release: readers that come now see what the writer did. Who waits may be readers, too: all are woken. */
	if (__atomic_exchange_n(&lock->word, READER, __ATOMIC_RELEASE) & WAITED)
		mh_kapi_park_wake(lock);
}

void memhp_lock_destroy(struct memhp_lock *lock, unsigned mode, const char *name, const char *where)
{
	if (load(lock) & TAKEN)
		mh_kapi_report(MH_KAPI_RULE_LOCK, "%s '%s' is destroyed at %s while it is held",
			       mh_kapi_held_kind_name(kind_of(mode)), name, where);
}

int memhp_lock_is_taken(const struct memhp_lock *lock)
{
	return (load(lock) & TAKEN) != 0;
}

int memhp_lock_is_mine(const struct memhp_lock *lock)
{
	struct mh_kapi_thread *self = mh_kapi_self();

	for (unsigned i = 0; i < self->held_count; i++)
		if (self->held[i].object == lock && !mh_kapi_held_is_gone(&self->held[i]))
			return self->held[i].read ? 1 : 2;
	return 0;
}

void memhp_lock_assert(const struct memhp_lock *lock, int least, const char *name, const char *where)
{
	int mine = memhp_lock_is_mine(lock);

	if (least ? mine >= least : !mine)
		return;
	mh_kapi_report(MH_KAPI_RULE_LOCK, "'%s' is%s held%s by this thread, as asserted at %s", name,
		       least ? " not" : "", least == 2 ? " for writing" : "", where);
}

struct listing {
	void (*each)(void *data, const struct mh_kapi_held *held, const struct mh_kapi_holder *holder);
	void *data;
};

static void list_thread(struct mh_kapi_thread *thread, void *data)
{
	const struct listing *listing = data;
	const struct mh_kapi_holder holder = {
		.thread = thread->task.comm, .pid = thread->task.pid, .is_caller = thread == mh_kapi_self_if_any()};

	mh_mutex_lock(&thread->lock);
	for (unsigned i = 0; i < thread->held_count; i++)
		if (!mh_kapi_held_is_gone(&thread->held[i]))
			listing->each(listing->data, &thread->held[i], &holder);
	mh_mutex_unlock(&thread->lock);
}

void mh_kapi_locks_held(void (*each)(void *data, const struct mh_kapi_held *held, const struct mh_kapi_holder *holder),
			void *data)
{
	struct listing listing = {each, data};

	mh_kapi_threads_each(list_thread, &listing);
}

void mh_kapi_locks_taken(uint64_t *ret_locks, uint64_t *ret_atomic)
{
	const struct mh_kapi_thread *self = mh_kapi_self_if_any();

	*ret_locks = self ? self->taken : 0;
	*ret_atomic = self ? self->taken_atomic : 0;
}

void mh_kapi_locks_drop(void)
{
	struct mh_kapi_thread *self = mh_kapi_self_if_any();

	for (unsigned i = self ? self->held_count : 0; i > 0; i--) {
		struct mh_kapi_held held = self->held[i - 1];

		if (held.kind > MH_KAPI_RWSEM)
			continue;
		mh_kapi_held_remove(self, &self->held[i - 1]);
		if (!mh_kapi_held_is_gone(&held))
			mh_kapi_lock_let_go(&held);
	}
}
