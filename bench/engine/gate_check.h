/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Could the gate of a scenario ever fire? What cannot fail is refused as much as what cannot be decided.
 */
#ifndef BENCH_ENGINE_GATE_CHECK_H
#define BENCH_ENGINE_GATE_CHECK_H

#include "base/text.h"
#include "bench/engine/scenario.h"

/**
 * mh_gate_check - all that stands against gating this scenario
 * @errors: a sentence a line, "gate: ..."
 * @facts: what can be gated, a line each
 *
 * Return: the number of errors.
 */
unsigned mh_gate_check(const struct mh_scenario *scenario, struct mh_text *errors, struct mh_text *facts);

#endif
