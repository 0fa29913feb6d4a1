/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ret 0 GOING_ONLINE BAD 2 1" and its like: a word and what it needs, by a table. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/conform_case.h"
#include "bench/engine/conform_value.h"
#include "results/json_get.h"

#define TOKENS_MAX 8
#define TEXT_MAX   256

/* A letter a token: c callback, p priority, e event, v value, s skip, t times, m milliseconds, n nid, N pages, k kind
 * of page, g signal, b block, o online type, x anything. Behind '?' they may be left out. */
static const struct {
	const char *word, *tokens;
} forms[MH_CONFORM_WORDS] = {
	[MH_CONFORM_RET] = {"ret", "cev?st"},    [MH_CONFORM_ADD] = {"add", "cp"},
	[MH_CONFORM_DEL] = {"del", "c"},         [MH_CONFORM_DUP] = {"dup", "c"},
	[MH_CONFORM_NADD] = {"nadd", "cp"},      [MH_CONFORM_NDEL] = {"ndel", "c"},
	[MH_CONFORM_NDUP] = {"ndup", "c"},       [MH_CONFORM_DELAY] = {"delay", "cem"},
	[MH_CONFORM_ALLOC] = {"alloc", "nNk"},   [MH_CONFORM_FREE] = {"free", ""},
	[MH_CONFORM_BALLOON] = {"balloon", "c"}, [MH_CONFORM_TRYALLOC] = {"tryalloc", "c"},
	[MH_CONFORM_PROBE] = {"probe", "?x"},    [MH_CONFORM_UNPROBE] = {"unprobe", "?x"},
	[MH_CONFORM_SIG] = {"sig", "g"},         [MH_CONFORM_OP] = {"op", "bo"},
};

static bool number_parse(const char *text, long long low, long long high, long long *ret_number)
{
	char *end;

	errno = 0;
	*ret_number = strtoll(text, &end, 10);
	return end != text && !*end && !errno && *ret_number >= low && *ret_number <= high;
}

static bool kind_parse(const char *text, struct mh_conform_control *control)
{
	static const struct {
		const char *word;
		enum mh_page_kind kind;
	} kinds[] = {{"kernel", MH_PAGE_KERNEL}, {"offline", MH_PAGE_OFFLINE}, {"pin", MH_PAGE_PINNED}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].word, text) == 0) {
			control->kind = kinds[i].kind;
			return true;
		}
	return false;
}

static bool event_parse(const char *text, struct mh_conform_control *control)
{
	int event = mh_event_parse(text);

	control->event = event < 0 ? 0 : (enum mh_event)event;
	return event >= 0;
}

static bool value_copy(const char *text, struct mh_conform_control *control)
{
	return snprintf(control->value, sizeof(control->value), "%s", text) < (int)sizeof(control->value);
}

/* The largest number that a token of this letter may be, or -1 when it is no number from 0 on. */
static long long number_max(char letter)
{
	switch (letter) {
	case 'c':
		return MH_CONFORM_CALLBACKS_MAX - 1;
	case 's':
	case 't':
	case 'm':
		return INT64_MAX;
	case 'n':
		return INT_MAX;
	case 'N':
		return MH_CONFORM_PAGES_MAX;
	case 'g':
		return 64;
	case 'b':
		return UINT32_MAX;
	default:
		return -1;
	}
}

static void number_keep(char letter, long long number, struct mh_conform_control *control)
{
	switch (letter) {
	case 'c':
		control->callback = (unsigned)number;
		break;
	case 's':
		control->answer.skip = (uint64_t)number;
		break;
	case 't':
		control->answer.times = (uint64_t)number;
		break;
	case 'm':
		control->delay_ms = (uint64_t)number;
		break;
	case 'n':
		control->nid = (int)number;
		break;
	case 'N':
		control->count = (uint32_t)number;
		break;
	case 'g':
		control->signal = (int)number;
		break;
	default:
		control->block = (uint32_t)number;
	}
}

static bool priority_parse(const char *text, struct mh_conform_control *control)
{
	long long number;

	if (!number_parse(text, INT_MIN, INT_MAX, &number))
		return false;
	control->priority = (int)number;
	return true;
}

static bool token_parse(char letter, const char *text, struct mh_conform_control *control)
{
	long long number;

	switch (letter) {
	case 'e':
		return event_parse(text, control);
	case 'v':
		return mh_conform_value_parse(text, &control->answer.value) == 0;
	case 'k':
		return kind_parse(text, control);
	case 'o':
		return value_copy(text, control);
	case 'p':
		return priority_parse(text, control);
	case 'x':
		return true;
	default:
		if (!number_parse(text, 0, number_max(letter), &number))
			return false;
		number_keep(letter, number, control);
		return true;
	}
}

static void tokens_parse(struct mh_json_get *get, char **tokens, size_t count, struct mh_conform_control *control)
{
	const char *letters = forms[control->word].tokens;
	bool optional = false;

	for (size_t i = 0; get->ret == 0; letters++) {
		if (*letters == '?') {
			optional = true;
			continue;
		}
		if (i == count) {
			if (*letters && !optional)
				mh_json_get_fail(get, "'%s' needs more words", forms[control->word].word);
			return;
		}
		if (!*letters)
			mh_json_get_fail(get, "'%s' does not need '%.40s'", forms[control->word].word, tokens[i]);
		else if (!token_parse(*letters, tokens[i], control))
			mh_json_get_fail(get, "'%s': what does '%.40s' mean?", forms[control->word].word, tokens[i]);
		i++;
	}
}

static int word_parse(const char *word)
{
	for (int i = 0; word && i < MH_CONFORM_WORDS; i++)
		if (strcmp(forms[i].word, word) == 0)
			return i;
	return -1;
}

void mh_conform_control_parse(struct mh_json_get *get, const char *text, struct mh_conform_control *ret_control)
{
	char copy[TEXT_MAX], *rest = NULL, *tokens[TOKENS_MAX];
	size_t count = 0;

	*ret_control = (struct mh_conform_control){.word = MH_CONFORM_PROBE};
	snprintf(copy, sizeof(copy), "%s", text);
	int word = word_parse(strtok_r(copy, " ", &rest));

	if (word < 0) {
		mh_json_get_fail(get, "'%.100s' is no control that is known", text);
		return;
	}
	for (char *token = strtok_r(NULL, " ", &rest); token && count < TOKENS_MAX; token = strtok_r(NULL, " ", &rest))
		tokens[count++] = token;
	ret_control->word = (enum mh_conform_word)word;
	tokens_parse(get, tokens, count, ret_control);
}
