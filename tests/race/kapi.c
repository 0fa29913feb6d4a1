/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules under threads: what the kernel's headers promise, ThreadSanitizer must see. Modules are compiled for it, too.
 *
 * race_kapi              the families of tests/fixtures/modules, which check themselves, and race_family in many
 * threads race_kapi --list       the names of the bugs that --seeded puts in race_kapi --seeded X   a module without
 * the lock or the grace period that it needs. ThreadSanitizer must report; exit 3 if it did not.
 */
#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>

#include "base/rcu.h"
#include "core/kapi.h"
#include "core/kapi_report.h"
#include "core/module.h"
#include "race_machine.h"

#define THREADS          4
#define EXIT_NOT_CAUGHT  3
#define EXIT_UNSANITIZED 77

static const char *const families[] = {"lock_family", "wait_family",   "work_family",   "thread_family",
				       "rcu_family",  "percpu_family", "rculist_family"};
static const char *const races[] = {"locks", "rcu", "works", "waits", "percpu"};
static const char *const seeds[] = {"locks", "rcu", "works"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static atomic_uint reports;

static void count_report(void *data, const char *rule, const char *text)
{
	(void)data;
	printf("# %s: %s\n", rule, text);
	atomic_fetch_add(&reports, 1);
}

static const struct mh_kapi_sink sink = {.report = count_report};

/* The build puts the modules into fixtures/ beside the folder of this program. */
static void path_of(const char *name, char path[PATH_MAX + 64])
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (length <= 0)
		abort();
	program[length] = 0;
	*strrchr(program, '/') = 0;
	snprintf(path, PATH_MAX + 64, "%s/../fixtures/%s.so", program, name);
}

static struct mh_module *load(struct race_machine *race, const char *name)
{
	char path[PATH_MAX + 64];
	struct mh_module *module;
	struct mh_error error;

	path_of(name, path);
	if (mh_module_load(race->machine, path, &module, &error) < 0) {
		fprintf(stderr, "race: %s\n", error.text);
		exit(1);
	}
	return module;
}

static void family_run(struct race_machine *race, const char *name)
{
	unsigned before = atomic_load(&reports);
	struct mh_error error;
	int ret = mh_module_unload(load(race, name), &error);

	race_report(ret == 0 && atomic_load(&reports) == before, "%s", name);
}

struct many {
	void (*step)(void);
	uint64_t end_ns;
	atomic_ulong steps;
};

static void many_run(void *data)
{
	struct many *many = data;

	while (mh_clock_monotonic_ns() < many->end_ns) {
		many->step();
		atomic_fetch_add_explicit(&many->steps, 1, memory_order_relaxed);
	}
}

static void *symbol_of(const char *prefix, const char *name)
{
	char path[PATH_MAX + 64], symbol[64];
	void *handle, *found;

	path_of("race_family", path);
	snprintf(symbol, sizeof(symbol), "%s_%s", prefix, name);
	handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
	found = handle ? dlsym(handle, symbol) : NULL;
	if (!found) {
		fprintf(stderr, "race: race_family has no %s\n", symbol);
		exit(2);
	}
	dlclose(handle);
	return found;
}

static unsigned long many_threads(const char *prefix, const char *name, uint64_t ns)
{
	void *symbol = symbol_of(prefix, name);
	struct mh_thread threads[THREADS];
	struct many many = {.end_ns = mh_clock_monotonic_ns() + ns};

	memcpy(&many.step, &symbol, sizeof(many.step));
	for (int i = 0; i < THREADS; i++)
		if (mh_thread_start(&threads[i], "racer", -1, many_run, &many, NULL) < 0)
			abort();
	for (int i = 0; i < THREADS; i++)
		mh_thread_join(&threads[i]);
	return atomic_load(&many.steps);
}

static bool is_wrong(void)
{
	void *symbol = symbol_of("race", "is_wrong");
	int (*ask)(void);

	memcpy(&ask, &symbol, sizeof(ask));
	return ask() != 0;
}

static void races_run(struct race_machine *race)
{
	struct mh_module *module = load(race, "race_family");
	struct mh_error error;

	for (size_t i = 0; i < COUNT(races); i++) {
		unsigned long steps = many_threads("race", races[i], race_share_ns(COUNT(races) * 2));

		race_report(!is_wrong() && steps > THREADS, "%s in %d threads, %lu steps", races[i], THREADS, steps);
	}
	race_report(mh_module_unload(module, &error) == 0 && atomic_load(&reports) == 0, "nothing is reported");
}

static int seeded_run(struct race_machine *race, const char *name)
{
	bool known = false;

	for (size_t i = 0; i < COUNT(seeds); i++)
		known |= strcmp(seeds[i], name) == 0;
	if (!known) {
		fprintf(stderr, "race: no bug '%s' (see --list)\n", name);
		return 2;
	}
	if (!MH_RCU_TSAN)
		return EXIT_UNSANITIZED;
	(void)load(race, "race_family");
	(void)many_threads("seeded", name, UINT64_C(5000000000));
	return EXIT_NOT_CAUGHT;
}

static int list_seeds(void)
{
	for (size_t i = 0; i < COUNT(seeds); i++)
		printf("%s\n", seeds[i]);
	return 0;
}

int main(int argc, char **argv)
{
	struct mh_machine_config config = {.chain = {MH_CHAIN_RCU_ARRAY, MH_RCU_SRCU}};
	struct race_machine race;
	int ret = 0;

	if (argc > 1 && strcmp(argv[1], "--list") == 0)
		return list_seeds();
	mh_rcu_thread_register();
	race_machine_new(&race, &config);
	mh_kapi_bind(race.machine);
	mh_kapi_report_to(&sink);
	if (argc > 2 && strcmp(argv[1], "--seeded") == 0)
		return seeded_run(&race, argv[2]);
	for (size_t i = 0; i < COUNT(families); i++)
		family_run(&race, families[i]);
	races_run(&race);
	mh_kapi_report_to(NULL);
	mh_kapi_bind(NULL);
	race_machine_free(&race);
	ret = race_end();
	mh_rcu_thread_unregister();
	return ret;
}
