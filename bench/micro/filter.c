/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/filter.h"

#include <errno.h>
#include <regex.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void select_matching(struct mh_selection *selection, const struct mh_instances *instances, const regex_t *regex,
			    bool wanted)
{
	for (size_t i = 0; i < instances->count; i++)
		if ((regexec(regex, instances->items[i].name, 0, NULL, 0) == 0) == wanted)
			selection->items[selection->count++] = &instances->items[i];
}

int mh_selection_make(struct mh_selection *selection, const struct mh_instances *instances, const char *filter,
		      struct mh_error *reterr)
{
	const bool negated = filter && filter[0] == '-';
	const char *expression = !filter || strcmp(filter, "all") == 0 ? "." : filter + negated;
	regex_t regex;

	*selection = (struct mh_selection){.items = calloc(instances->count + 1, sizeof(*selection->items))};
	if (!selection->items)
		return mh_error_set(reterr, -ENOMEM, "no memory for %zu benchmarks", instances->count);
	if (regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB)) {
		mh_selection_release(selection);
		return mh_error_set(reterr, -EINVAL, "'%s' is no regular expression", expression);
	}
	select_matching(selection, instances, &regex, !negated);
	regfree(&regex);
	if (selection->count)
		return 0;
	mh_selection_release(selection);
	return mh_error_set(reterr, -ENOENT, "no benchmark %s '%s': --benchmark_list_tests names them",
			    negated ? "is without" : "has", expression);
}

void mh_selection_release(struct mh_selection *selection)
{
	free(selection->items);
	*selection = (struct mh_selection){0};
}
