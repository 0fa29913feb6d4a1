/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contract check: a module's listeners against the protocol's worst cases, each tried and judged by counted
 * operations.
 *
 * A case is one setting of everything that may happen around a listener (contract_case.h). Each runs in a child process
 * with the module loaded afresh, on a small machine of its own; the rules that it is judged by are one table
 * (contract_rule.h). A case that crashes or hangs ends its child only.
 */
#ifndef BENCH_ENGINE_CONTRACT_H
#define BENCH_ENGINE_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "bench/engine/contract_rule.h"
#include "core/notifier.h"

#define MH_CONTRACT_LISTENERS_MAX 16

/* What a module registered. */
struct mh_contract_listener {
	char name[MH_LISTENER_NAME_SIZE];
	int priority;
	bool node;          /* on the chain of nodes */
	uintptr_t callback; /* where in its file, as mh_contract_callback() says */
};

struct mh_contract_request {
	const char *module;           /* FILE.so */
	const char *const *arguments; /* its parameters, NAME=VALUE */
	size_t argument_count;
	const char *only_case; /* NULL: all */
	/* Called now and then with the cases done so far and how many there are. May be NULL. */
	void (*progress)(void *data, uint64_t done, uint64_t count);
	void *data;
};

/* Lies in memory that is shared with the children. */
struct mh_contract_result {
	const char *compat; /* the machine's, as in scenarios; static data */
	struct mh_contract_listener listeners[MH_CONTRACT_LISTENERS_MAX];
	unsigned listener_count; /* kept */
	struct mh_contract_finding findings[MH_CONTRACT_RULES];
	/* The children's progress. */
	uint64_t case_count, cases_done; /* without those with a failing allocation */
	uint64_t runs;                   /* of cases, with every allocation that was made to fail */
	uint64_t operations;
	uint64_t allocations_failed;
};

/**
 * mh_contract_list - load the module, see what it registers, unload it
 *
 * Return: 0; what mh_module_load returns, with its sentence; -ECANCELED its init failed; -ENOMEM.
 */
int mh_contract_list(const struct mh_contract_request *request, struct mh_contract_result **ret_result,
		     struct mh_error *reterr);

/**
 * mh_contract_check - mh_contract_list, and try every case
 *
 * Starts child processes: the caller has no other thread. Return: 0 whatever was found; -EINVAL no case of that name;
 * -ENODEV it registers no listener; -EOPNOTSUPP this program was built without hooks; else as mh_contract_list.
 */
int mh_contract_check(const struct mh_contract_request *request, struct mh_contract_result **ret_result,
		      struct mh_error *reterr);
void mh_contract_result_free(struct mh_contract_result *result);

#endif
