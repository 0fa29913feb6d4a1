/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way from an operation to its worker's sieve. */
#include "core/sieve.h"

struct mh_sieve *mh_sieve_find(const struct mh_sieves *sieves, struct mh_operation *operation)
{
	const struct mh_identity *identity = &operation->identity;

	if (identity->workload >= sieves->workload_count ||
	    identity->worker >= sieves->workloads[identity->workload].worker_count)
		return NULL;
	operation->sieves_number = sieves->number;
	operation->sieve = sieves->workloads[identity->workload].workers[identity->worker];
	return operation->sieve;
}
