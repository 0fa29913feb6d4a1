/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Per-CPU data of modules: nothing is lost, also where threads share a CPU; misuse is named; places are used again. */
#include "core/kapi_percpu.h"

#include <stdint.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "core/kapi_report.h"
#include "kapi_fixture.h"

Test(kapi_percpu, counts_of_many_threads_add_up)
{
	kapi_expect_sound("percpu_family");
}

static const struct kapi_misdeed misdeeds[] = {
	{"leaks", MH_KAPI_RULE_LEAK, "without free_percpu() of 4 bytes, allocated at "},
	{"frees_twice", MH_KAPI_RULE_FREE, "of what alloc_percpu() has not given, or was freed before"},
	{"sleeps_on_its_cpu", MH_KAPI_RULE_SLEEP, "with preemption disabled: "},
	{"allocates_on_its_cpu", MH_KAPI_RULE_SLEEP, "with preemption disabled: "},
};

ParameterizedTestParameters(kapi_percpu, misuse_is_named)
{
	static int indices[] = {0, 1, 2, 3};

	return cr_make_param_array(int, indices, 4);
}

ParameterizedTest(int *index, kapi_percpu, misuse_is_named)
{
	kapi_expect_misdeed("percpu_misdeeds", &misdeeds[*index]);
}

Test(kapi_percpu, places_are_aligned_apart_and_used_again)
{
	char *first = memhp_percpu_new(100, 8, "here");
	char *second = memhp_percpu_new(8, 256, "here");
	char *third = memhp_percpu_new(64, 8, "here");

	cr_assert(first && second && third);
	cr_expect_geq(second - first, 100);
	cr_expect_eq((uintptr_t)second % 256, 0);
	memhp_percpu_free(first, "here");
	cr_expect_eq(memhp_percpu_new(100, 8, "here"), first);
	cr_expect_null(memhp_percpu_new(MEMHP_CPU_STRIDE, 8, "here"), "the area is not empty");
	cr_expect_null(memhp_percpu_new(MEMHP_CPU_STRIDE + 1, 8, "here"));
	cr_expect_null(memhp_percpu_new(0, 8, "here"));
	memhp_percpu_free(first, "here");
	memhp_percpu_free(second, "here");
	memhp_percpu_free(third, "here");
	first = memhp_percpu_new(MEMHP_CPU_STRIDE, 8, "here");
	cr_expect_not_null(first, "the area is empty");
	memhp_percpu_free(first, "here");
	memhp_percpu_free(NULL, "here");
}
