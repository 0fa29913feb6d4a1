/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of modules: libc's heap with a ledger beside it, so that a double free, a leak and a write out of bounds
 * are told by name, without a sanitizer, too.
 *
 * An entry stands for one allocation. It is live until it is freed; then it rests: the memory is filled with a pattern
 * and kept for a while, so that a second free and a write after it are seen. The oldest resting entry of a shard leaves
 * when there are too many. Under the address sanitizer, which knows better, memory is given back at once and only the
 * entry rests.
 *
 * A shard's lock guards its entries; a pointer belongs to one shard. Reports are made without it.
 */
#include "core/kapi_alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <memhp/kapi.h>

#include "base/rcu.h"
#include "base/sync.h"
#include "core/kapi_count.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"

#define SHARDS        64
#define BUCKETS       64
#define RESTING_MAX   64          /* entries a shard */
#define RESTING_BYTES (1u << 18)  /* of memory a shard */
#define ALLOC_MAX     (1ul << 22) /* Linux 6.1, x86-64: a chunk of the highest order, 2^10 pages */
#define ALIGN_DEFAULT 16
#define PAGE_BYTES    4096
#define FREED_BYTE    0x6b
#define GUARD_BYTE    0xa5
#define GUARD_SIZE    (MH_RCU_ASAN ? 0 : 8) /* behind the allocation */
#define CHECKED_MAX   4096                  /* bytes of a resting allocation that are looked at */

struct entry {
	struct entry *next;         /* in the bucket */
	struct entry *next_resting; /* in the order of their frees */
	unsigned char *memory;      /* NULL: given back already */
	const void *pointer;
	size_t size;
	const char *where, *freed_where; /* freed_where: NULL while live */
	uint64_t sequence;
};

struct shard {
	struct mh_mutex lock;
	struct entry *buckets[BUCKETS];
	struct entry *resting, **resting_tail;
	unsigned resting_count;
	size_t resting_bytes;
} __attribute__((aligned(128)));

static struct {
	struct shard shards[SHARDS];
	_Atomic uint64_t asked;
	_Atomic uint64_t until_failure; /* 0: none is to fail */
	_Atomic(const char *) failed_at;
} ledger = {.shards = {[0 ... SHARDS - 1] = {.lock = MH_MUTEX_INIT}}};

/* What a report says of an entry once the shard's lock is given back. */
struct finding {
	const char *what; /* NULL: nothing */
	size_t size;
	const char *where, *freed_where;
};

static uint64_t hash_of(const void *pointer)
{
	return ((uintptr_t)pointer >> 4) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct shard *shard_of(const void *pointer)
{
	return &ledger.shards[hash_of(pointer) >> 58];
}

static struct entry **bucket_of(struct shard *shard, const void *pointer)
{
	return &shard->buckets[hash_of(pointer) >> 52 & (BUCKETS - 1)];
}

/* The link that points at the entry of @pointer; *link is NULL when there is none. */
static struct entry **find(struct shard *shard, const void *pointer)
{
	struct entry **link = bucket_of(shard, pointer);

	while (*link && (*link)->pointer != pointer)
		link = &(*link)->next;
	return link;
}

static bool is_filled(const unsigned char *bytes, size_t size, unsigned char value)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

static size_t checked_size(const struct entry *entry)
{
	return entry->size < CHECKED_MAX ? entry->size : CHECKED_MAX;
}

static struct finding finding_of(const struct entry *entry, const char *what)
{
	return (struct finding){what, entry->size, entry->where, entry->freed_where};
}

static void report(const struct finding *finding)
{
	if (!finding->what)
		return;
	if (finding->freed_where)
		mh_kapi_report(MH_KAPI_RULE_WRITE, "%zu bytes allocated at %s and freed at %s were %s", finding->size,
			       finding->where, finding->freed_where, finding->what);
	else
		mh_kapi_report(MH_KAPI_RULE_WRITE, "%zu bytes allocated at %s were %s", finding->size, finding->where,
			       finding->what);
}

static void report_second_free(const struct finding *finding, const char *where)
{
	mh_kapi_report(MH_KAPI_RULE_FREE, "%zu bytes allocated at %s and freed at %s were freed again at %s",
		       finding->size, finding->where, finding->freed_where, where);
}

static void unlink_entry(struct shard *shard, struct entry *entry)
{
	struct entry **link = bucket_of(shard, entry->pointer);

	while (*link != entry)
		link = &(*link)->next;
	*link = entry->next;
}

/* The oldest resting entry leaves. */
static struct finding retire(struct shard *shard)
{
	struct entry *entry = shard->resting;
	struct finding finding = {NULL};

	shard->resting = entry->next_resting;
	if (!shard->resting)
		shard->resting_tail = NULL;
	shard->resting_count--;
	shard->resting_bytes -= entry->size;
	if (entry->memory && !is_filled(entry->memory, checked_size(entry), FREED_BYTE))
		finding = finding_of(entry, "written to after that");
	unlink_entry(shard, entry);
	free(entry->memory);
	free(entry);
	return finding;
}

/* Under the address sanitizer the heap may hand out again what an entry still rests for. */
static void forget_resting(struct shard *shard, const void *pointer)
{
	struct entry **link = &shard->resting, *entry;

	while (*link && (*link)->pointer != pointer)
		link = &(*link)->next_resting;
	entry = *link;
	if (!entry)
		return;
	*link = entry->next_resting;
	shard->resting_tail = NULL;
	for (link = &shard->resting; *link; link = &(*link)->next_resting)
		shard->resting_tail = &(*link)->next_resting;
	shard->resting_count--;
	shard->resting_bytes -= entry->size;
	unlink_entry(shard, entry);
	free(entry);
}

static void enter(struct entry *entry)
{
	struct shard *shard = shard_of(entry->pointer);
	struct entry **bucket;

	mh_mutex_lock(&shard->lock);
	forget_resting(shard, entry->pointer);
	bucket = bucket_of(shard, entry->pointer);
	entry->next = *bucket;
	*bucket = entry;
	mh_mutex_unlock(&shard->lock);
}

/* kmalloc aligns a power of two to its size. */
static size_t alignment_of(size_t size, size_t align)
{
	if (align)
		return align < ALIGN_DEFAULT ? ALIGN_DEFAULT : align;
	if (size & (size - 1))
		return ALIGN_DEFAULT;
	if (size < ALIGN_DEFAULT)
		return ALIGN_DEFAULT;
	return size > PAGE_BYTES ? PAGE_BYTES : size;
}

static bool is_to_fail(unsigned gfp, const char *where)
{
	atomic_fetch_add_explicit(&ledger.asked, 1, memory_order_relaxed);
	if (atomic_load_explicit(&ledger.until_failure, memory_order_relaxed) == 0 || gfp & MEMHP_GFP_NOFAIL)
		return false;
	/* Counts only: which of two threads takes the last one is open, that one does is not. */
	if (atomic_fetch_sub_explicit(&ledger.until_failure, 1, memory_order_relaxed) != 1)
		return false;
	atomic_store_explicit(&ledger.failed_at, where, memory_order_relaxed);
	return true;
}

static void *allocate(size_t size, size_t align, const char *where)
{
	struct entry *entry = calloc(1, sizeof(*entry));
	void *memory;

	if (!entry)
		return NULL;
	if (posix_memalign(&memory, alignment_of(size, align), size + GUARD_SIZE) != 0) {
		free(entry);
		return NULL;
	}
	memset((unsigned char *)memory + size, GUARD_BYTE, GUARD_SIZE);
	*entry = (struct entry){.memory = memory, .pointer = memory, .size = size, .where = where};
	entry->sequence = atomic_load_explicit(&ledger.asked, memory_order_relaxed);
	enter(entry);
	return memory;
}

void *mh_kapi_alloc(size_t size, size_t align, unsigned gfp, const char *where)
{
	void *memory;

	if (gfp & MEMHP_GFP_DIRECT_RECLAIM)
		mh_kapi_might_sleep(where);
	if (is_to_fail(gfp, where))
		return NULL;
	memory = allocate(size, align, where);
	if (memory && gfp & MEMHP_GFP_ZERO)
		memset(memory, 0, size);
	return memory;
}

void *memhp_alloc(size_t size, size_t align, unsigned gfp, const char *where)
{
	mh_kapi_count(gfp & MEMHP_GFP_ZERO ? MH_KAPI_CALL_KZALLOC : MH_KAPI_CALL_KMALLOC);
	mh_kapi_count_add(MH_KAPI_CALL_KMALLOC_BYTES, size);
	return mh_kapi_alloc(size, align, gfp, where);
}

/* Under the shard's lock: the entry begins to rest. */
static void rest(struct shard *shard, struct entry *entry, const char *where)
{
	entry->freed_where = where;
	if (MH_RCU_ASAN) {
		free(entry->memory);
		entry->memory = NULL;
	} else {
		memset(entry->memory, FREED_BYTE, checked_size(entry));
	}
	entry->next_resting = NULL;
	*(shard->resting_tail ? shard->resting_tail : &shard->resting) = entry;
	shard->resting_tail = &entry->next_resting;
	shard->resting_count++;
	shard->resting_bytes += entry->size;
}

static struct finding free_entry(struct shard *shard, struct entry *entry, const char *where)
{
	struct finding finding = {NULL};

	if (entry->freed_where)
		return finding_of(entry, "freed again");
	if (!is_filled(entry->memory + entry->size, GUARD_SIZE, GUARD_BYTE))
		finding = finding_of(entry, "written to beyond their end");
	rest(shard, entry, where);
	return finding;
}

static bool rests_too_much(const struct shard *shard)
{
	return shard->resting_count > RESTING_MAX || shard->resting_bytes > RESTING_BYTES;
}

void memhp_free(const void *pointer, const char *where)
{
	struct shard *shard = shard_of(pointer);
	struct finding now = {NULL}, late = {NULL};
	struct entry *entry;

	if (!pointer)
		return;
	mh_mutex_lock(&shard->lock);
	entry = *find(shard, pointer);
	if (entry)
		now = free_entry(shard, entry, where);
	while (rests_too_much(shard) && !late.what)
		late = retire(shard);
	mh_mutex_unlock(&shard->lock);
	if (!entry)
		mh_kapi_report(MH_KAPI_RULE_FREE, "%p is freed at %s, and was never allocated", pointer, where);
	if (now.what && now.freed_where)
		report_second_free(&now, where);
	else
		report(&now);
	report(&late);
}

size_t memhp_alloc_size(const void *pointer)
{
	struct shard *shard = shard_of(pointer);
	const struct entry *entry;
	size_t size;

	mh_mutex_lock(&shard->lock);
	entry = *find(shard, pointer);
	size = entry && !entry->freed_where ? entry->size : 0;
	mh_mutex_unlock(&shard->lock);
	return size;
}

void *mh_kapi_realloc(const void *pointer, size_t size, unsigned gfp, const char *where)
{
	size_t old_size = pointer ? memhp_alloc_size(pointer) : 0;
	void *memory = mh_kapi_alloc(size, 0, gfp, where);

	if (!memory || !pointer)
		return memory;
	memcpy(memory, pointer, old_size < size ? old_size : size);
	memhp_free(pointer, where);
	return memory;
}

void *memhp_realloc(const void *pointer, size_t size, unsigned gfp, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_KREALLOC);
	mh_kapi_count_add(MH_KAPI_CALL_KMALLOC_BYTES, size);
	return mh_kapi_realloc(pointer, size, gfp, where);
}

uint64_t mh_kapi_alloc_asked(void)
{
	return atomic_load_explicit(&ledger.asked, memory_order_relaxed);
}

void mh_kapi_alloc_fail(uint64_t nth)
{
	atomic_store_explicit(&ledger.failed_at, NULL, memory_order_relaxed);
	atomic_store_explicit(&ledger.until_failure, nth, memory_order_relaxed);
}

const char *mh_kapi_alloc_failed_at(void)
{
	return atomic_load_explicit(&ledger.failed_at, memory_order_relaxed);
}

static int bucket_each(const struct entry *entry, int (*each)(void *, const struct mh_kapi_allocation *), void *data)
{
	int ret = 0;

	for (; entry && !ret; entry = entry->next)
		if (!entry->freed_where)
			ret = each(data, &(struct mh_kapi_allocation){entry->pointer, entry->size, entry->where,
								      entry->sequence});
	return ret;
}

int mh_kapi_alloc_each(int (*each)(void *data, const struct mh_kapi_allocation *allocation), void *data)
{
	int ret = 0;

	for (unsigned i = 0; i < SHARDS && !ret; i++) {
		struct shard *shard = &ledger.shards[i];

		mh_mutex_lock(&shard->lock);
		for (unsigned bucket = 0; bucket < BUCKETS && !ret; bucket++)
			ret = bucket_each(shard->buckets[bucket], each, data);
		mh_mutex_unlock(&shard->lock);
	}
	return ret;
}

/* The entries of one place in source, and those of a module that are looked for. */
struct leak {
	bool (*is_its)(const void *data, const char *where);
	const void *data;
	const char *where; /* of the first entry met */
	uint64_t count, bytes;
	const void *pointer; /* of one of them */
};

static int find_leak(void *data, const struct mh_kapi_allocation *allocation)
{
	struct leak *leak = data;

	if (!leak->where && leak->is_its(leak->data, allocation->where))
		leak->where = allocation->where;
	if (!leak->where || strcmp(leak->where, allocation->where) != 0 || !leak->is_its(leak->data, allocation->where))
		return 0;
	leak->count++;
	leak->bytes += allocation->size;
	return 0;
}

static int find_at(void *data, const struct mh_kapi_allocation *allocation)
{
	struct leak *leak = data;

	if (strcmp(leak->where, allocation->where) != 0 || !leak->is_its(leak->data, allocation->where))
		return 0;
	leak->pointer = allocation->pointer;
	return 1;
}

/* One place's leaks. Return: whether there was one. */
static bool end_leak(bool (*is_its)(const void *data, const char *where), const void *data)
{
	struct leak leak = {.is_its = is_its, .data = data};

	(void)mh_kapi_alloc_each(find_leak, &leak);
	if (!leak.where)
		return false;
	mh_kapi_report(MH_KAPI_RULE_LEAK, "%llu allocation%s, %llu bytes, made at %s, still there after the exit",
		       (unsigned long long)leak.count, leak.count == 1 ? "" : "s", (unsigned long long)leak.bytes,
		       leak.where);
	while (mh_kapi_alloc_each(find_at, &leak))
		memhp_free(leak.pointer, leak.where);
	return true;
}

static void empty_resting(struct shard *shard)
{
	struct finding finding = {NULL};
	bool more = true;

	while (more) {
		mh_mutex_lock(&shard->lock);
		more = shard->resting != NULL;
		if (more)
			finding = retire(shard);
		mh_mutex_unlock(&shard->lock);
		if (more)
			report(&finding);
	}
}

void mh_kapi_alloc_end(bool (*is_its)(const void *data, const char *where), const void *data)
{
	/* Before the names of its places are unmapped. */
	while (end_leak(is_its, data))
		;
	for (unsigned i = 0; i < SHARDS; i++)
		empty_resting(&ledger.shards[i]);
}
