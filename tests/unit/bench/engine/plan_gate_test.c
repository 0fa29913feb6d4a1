/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `check --gate` refuses: what could not fail, and what could not be decided. */
#include <criterion/criterion.h>
#include <string.h>

#include "bench/engine/gate_check.h"
#include "scenario_fixture.h"

#define GATED "chain: {notifiers: [{name: a}]}\nname: t\n"
#define PHASES_OPS                                                                                                     \
	"workloads: [{name: toggle, kind: hotplug-cycle}]\nphases: [{name: steady, role: measure, ops: 20000}]\n"

static void expect_gate(const char *text, const char *words)
{
	struct mh_plan *plan = scenario_good(text, NULL, NULL);
	struct mh_text errors = MH_TEXT_INIT, facts = MH_TEXT_INIT;
	unsigned count = mh_gate_check(plan->cells[0].scenario, &errors, &facts);

	if (words)
		cr_expect(count > 0 && strstr(errors.data, words), "%u errors, '%s' lacks '%s'", count, errors.data,
			  words);
	else
		cr_expect_eq(count, 0u, "%u errors: %s", count, errors.data);
	mh_text_release(&errors);
	mh_text_release(&facts);
	mh_plan_free(plan);
}

Test(plan_gate, a_gate_over_ops_can_fire)
{
	expect_gate(GATED PHASES_OPS "gate: {metrics: {steady/response.p99: {}}}\n", NULL);
}

Test(plan_gate, a_gate_that_could_not_fire_is_refused)
{
	expect_gate(GATED PHASES_OPS, "no section 'gate'");
	expect_gate(GATED PHASES_OPS "gate: {metrics: {steady/response.p99.9: {}}}\n", "too few values beyond it");
	expect_gate(GATED PHASES_OPS "gate: {metrics: {steady/response.count: {}}}\n", "equal by construction");
	expect_gate(GATED PHASES_OPS "gate: {metrics: {steady/cb.a.p50: {tolerance: 5%}}}\n",
		    "recorded with two digits");
	expect_gate(GATED PHASES_OPS "gate: {pairs: 6, looks: [6], metrics: {steady/response.p50: {}}}\n",
		    "6 pairs can never decide");
	expect_gate(GATED PHASES_OPS "verify: {level: \"off\"}\ngate: {metrics: {steady/response.p50: {}}}\n",
		    "cannot be gated");
	expect_gate(GATED
		    "workloads: [{name: toggle, kind: hotplug-cycle, arrival: constant, rate: 1000/s}]\n"
		    "phases: [{name: steady, role: measure, for: 3s}]\ngate: {metrics: {steady/response.p50: {}}}\n",
		    "write 'ops: 3000'");
	expect_gate(GATED
		    "workloads: [{name: toggle, kind: hotplug-cycle, arrival: constant, rate: 1000/s}]\n"
		    "phases: [{name: steady, role: measure, ops: 3000}]\ngate: {metrics: {steady/throughput: {}}}\n",
		    "rate of an open arrival");
}
