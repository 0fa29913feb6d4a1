/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What another memhp-bench says of itself. */
#ifndef BENCH_CLI_PROGRAM_FACTS_H
#define BENCH_CLI_PROGRAM_FACTS_H

#include "base/error.h"

/**
 * mh_program_facts - ask PATH `version --json`
 * @ret_facts: "memhp-bench 0.1.0, build 1a2b…"; to be freed
 *
 * Return: 0; -EINVAL it is no memhp-bench, or does not answer; -EPROTO another schema than ours; -ENOMEM.
 */
int mh_program_facts(const char *path, char **ret_facts, struct mh_error *reterr);

#endif
