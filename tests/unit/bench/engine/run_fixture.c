/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From text to result, as `run` goes without a folder. */
#include "run_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rcu.h"

void run_scenario(const char *yaml, struct outcome *ret_outcome)
{
	char path[] = "/tmp/memhp-unit-XXXXXX";
	struct mh_plan_request load = {.path = path};
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_run_request request = {.repro = "repro"};
	struct mh_plan *plan;
	int fd = mkstemp(path);

	cr_assert(fd >= 0 && write(fd, yaml, strlen(yaml)) == (ssize_t)strlen(yaml));
	close(fd);
	if (!mh_rcu_thread_registered)
		mh_rcu_thread_register();
	cr_assert_eq(mh_plan_load(&load, &plan, &messages), 0, "%s", messages.data);
	unlink(path);
	request.plan = plan;
	request.cell = &plan->cells[0];
	mh_result_init(&ret_outcome->result);
	ret_outcome->end = mh_run_execute(&request, &ret_outcome->result, &messages, &ret_outcome->error);
	mh_text_release(&messages);
	mh_plan_free(plan);
}
