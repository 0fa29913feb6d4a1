/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a run took place: what of the host could change its times. Read from /proc, /sys and the cgroup; what cannot be
 * read is "not available", which is a value of its own and never 0: an empty string, or MH_NOT_AVAILABLE.
 */
#ifndef RESULTS_ENVIRONMENT_H
#define RESULTS_ENVIRONMENT_H

#include <stdint.h>

#define MH_NOT_AVAILABLE      INT64_MIN
#define MH_LOAD_NOT_AVAILABLE (-1.0)
#define MH_ENVIRONMENT_TEXT   128 /* bytes of a text, with its NUL */
#define MH_SHA256_TEXT        65  /* 64 hexadecimal digits and the NUL */

/* How fast the host itself is, whatever runs on it: ns for a round of each. 0: not taken. */
struct mh_probes {
	double loop_ns;  /* an empty loop */
	double add_ns;   /* an addition that waits for the one before */
	double chase_ns; /* a pointer followed within 4 MiB */
};

struct mh_environment {
	char host[MH_ENVIRONMENT_TEXT];
	char kernel[MH_ENVIRONMENT_TEXT]; /* system, release and machine of uname */
	char cpu_model[MH_ENVIRONMENT_TEXT];
	int64_t nproc;                            /* logical CPUs that this process may run on */
	char smt[MH_ENVIRONMENT_TEXT];            /* on, off, forceoff, notsupported, notimplemented */
	char governor[MH_ENVIRONMENT_TEXT];       /* of all CPUs, or "mixed" */
	char turbo[MH_ENVIRONMENT_TEXT];          /* on, off */
	int64_t aslr;                             /* kernel.randomize_va_space: 0 off, 1, 2 */
	char container[MH_ENVIRONMENT_TEXT];      /* docker, podman, lxc …; "none" */
	char cgroup_cpu_max[MH_ENVIRONMENT_TEXT]; /* "max 100000": no limit; the nearest group that states one */
	int64_t numa_nodes;
	int64_t memory_bytes;
	char clocksource[MH_ENVIRONMENT_TEXT];
	char hugepages[MH_ENVIRONMENT_TEXT];          /* transparent huge pages: always, madvise, never */
	double load_avg_before[3], load_avg_after[3]; /* 1, 5, 15 minutes; MH_LOAD_NOT_AVAILABLE */
	/* How much of each fell between mh_environment_read and mh_environment_finish. */
	int64_t steal_ns;                             /* of all CPUs together */
	int64_t ctx_switches_vol, ctx_switches_invol; /* of all threads of the process */
	int64_t migrations;     /* between CPUs: what the workers add up of mh_environment_thread_migrations() */
	int64_t throttle_count; /* periods in which the cgroup's CPU limit held the process back */
	struct mh_probes probes_before, probes_after; /* taken by whoever runs pairs, outside of the counters' time */
};

/* Before the run. Reads files; about 1 ms. Counters hold absolute values until mh_environment_finish. */
void mh_environment_read(struct mh_environment *environment);
/* After the run: load after, and the counters become differences. */
void mh_environment_finish(struct mh_environment *environment);
/* How often the calling thread was moved between CPUs so far; MH_NOT_AVAILABLE where the kernel does not count it. */
int64_t mh_environment_thread_migrations(void);
/* The same under another root folder than "/", for tests; its path without a slash at the end. */
void mh_environment_read_under(struct mh_environment *environment, const char *root);
void mh_environment_finish_under(struct mh_environment *environment, const char *root);

/**
 * mh_environment_fingerprint - SHA-256 of what must agree for two runs to be comparable without pairing
 *
 * Over cpu_model, nproc, smt, governor, turbo, aslr, container, cgroup_cpu_max, numa_nodes, memory_bytes, clocksource,
 * hugepages and the kernel; not over the host's name, which is new for each run of a CI container.
 */
void mh_environment_fingerprint(const struct mh_environment *environment, char ret_hex[MH_SHA256_TEXT]);

#endif
