/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `init` writes passes `check`. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "bench/cli/starters.h"
#include "bench/engine/plan.h"

Test(starters, each_passes_check_and_opens_with_a_question)
{
	char folder[] = "/tmp/starters-XXXXXX";

	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
	for (size_t i = 0; i < mh_starter_count; i++) {
		const struct mh_starter *starter = &mh_starters[i];
		struct mh_text messages = MH_TEXT_INIT;
		struct mh_plan *plan = NULL;

		cr_expect_eq(starter->text[0], '#', "%s does not begin with a comment", starter->name);
		cr_expect_not_null(strchr(starter->question, '?'), "%s: '%s'", starter->name, starter->question);
		cr_assert_eq(mh_file_write("s.yaml", starter->text, strlen(starter->text), NULL), 0);
		cr_expect_eq(mh_plan_load(&(struct mh_plan_request){.path = "s.yaml"}, &plan, &messages), 0, "%s:\n%s",
			     starter->name, messages.data);
		mh_plan_free(plan);
		mh_text_release(&messages);
	}
	unlink("s.yaml");
	cr_assert_eq(chdir("/"), 0);
	rmdir(folder);
}

Test(starters, the_four_questions_are_there)
{
	static const char *const names[] = {"default", "chain", "veto", "churn"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		bool found = false;

		for (size_t j = 0; j < mh_starter_count; j++)
			found |= strcmp(mh_starters[j].name, names[i]) == 0;
		cr_expect(found, "no starter '%s'", names[i]);
	}
}
