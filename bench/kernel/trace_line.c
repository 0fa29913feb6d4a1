/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read from the event's name on to both sides: what stands before it begins with the thread's name, which may hold
 * anything.
 */
#include "bench/kernel/trace_line.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)
#define US_DIGITS 6

static const struct {
	const char *mark;
	bool node, ends;
} marks[] = {
	{": " MH_KERNEL_PROBE_WALK ": (", false, false},
	{": " MH_KERNEL_PROBE_WALKED ": (", false, true},
	{": " MH_KERNEL_PROBE_NODE_WALK ": (", true, false},
	{": " MH_KERNEL_PROBE_NODE_WALKED ": (", true, true},
};

/* Part of the line that is still to be read, from its end towards its beginning. */
struct head {
	const char *begin, *end;
};

/* The last word of @head, which is cut off. */
static struct head take_word(struct head *head)
{
	struct head word;

	while (head->end > head->begin && head->end[-1] == ' ')
		head->end--;
	word.end = head->end;
	while (head->end > head->begin && head->end[-1] != ' ')
		head->end--;
	word.begin = head->end;
	return word;
}

static bool take_digits(const char **text, const char *end, uint64_t *ret_number)
{
	const char *begin = *text;

	*ret_number = 0;
	for (; *text < end && isdigit((unsigned char)**text); (*text)++)
		*ret_number = *ret_number * 10 + (uint64_t)(**text - '0');
	return *text > begin;
}

/* "12.345678": a clock that counts ns shows us. */
static bool parse_time(struct head word, uint64_t *ret_ns)
{
	uint64_t seconds, us;
	const char *text = word.begin;

	if (!take_digits(&text, word.end, &seconds) || text == word.end || *text++ != '.')
		return false;
	if (word.end - text != US_DIGITS || !take_digits(&text, word.end, &us) || text != word.end)
		return false;
	*ret_ns = seconds * SECOND_NS + us * 1000;
	return true;
}

/* "NAME-512", NAME with blanks and dashes of its own. */
static bool parse_thread(struct head head, int *ret_tid)
{
	struct head word = take_word(&head);
	const char *text = word.end;
	uint64_t tid;

	while (text > word.begin && isdigit((unsigned char)text[-1]))
		text--;
	if (text == word.begin || text[-1] != '-' || !take_digits(&text, word.end, &tid) || tid > INT32_MAX)
		return false;
	*ret_tid = (int)tid;
	return true;
}

/* THREAD [CPU] FLAGS TIME */
static bool parse_head(struct head head, struct mh_kernel_line *line)
{
	struct head cpu;

	if (!parse_time(take_word(&head), &line->time_ns))
		return false;
	(void)take_word(&head);
	cpu = take_word(&head);
	if (cpu.begin == cpu.end || *cpu.begin != '[' || cpu.end[-1] != ']')
		return false;
	return parse_thread(head, &line->tid);
}

/* The value of " KEY=": decimal, signed where it is so. */
static bool field(const char *text, const char *key, int64_t *ret_value)
{
	char mark[16], *end;
	const char *at;

	snprintf(mark, sizeof(mark), " %s=", key);
	at = strstr(text, mark);
	if (!at)
		return false;
	at += strlen(mark);
	errno = 0;
	*ret_value = *at == '-' ? strtoll(at, &end, 10) : (int64_t)strtoull(at, &end, 10);
	return !errno && end > at && (*end == ' ' || *end == '\0');
}

static bool int_field(const char *text, const char *key, int *ret_value)
{
	int64_t value;

	if (!field(text, key, &value) || value < INT32_MIN || value > INT32_MAX)
		return false;
	*ret_value = (int)value;
	return true;
}

static bool unsigned_field(const char *text, const char *key, uint64_t *ret_value)
{
	return field(text, key, (int64_t *)ret_value);
}

/* Kernels from 6.17 on have no nids in the memory chain's argument, and their probe asks for none. */
static bool parse_memory(const char *text, struct mh_kernel_line *line)
{
	line->nid = line->nid_normal = INT32_MIN;
	if (!unsigned_field(text, "start", &line->start_pfn) || !unsigned_field(text, "nr", &line->nr_pages))
		return false;
	if (!strstr(text, " nid="))
		return true;
	return int_field(text, "nidn", &line->nid_normal) && int_field(text, "nid", &line->nid);
}

static bool parse_body(const char *text, bool ends, struct mh_kernel_line *line)
{
	line->kind = ends ? MH_KERNEL_LINE_END : MH_KERNEL_LINE_BEGIN;
	if (ends)
		return int_field(text, "ret", &line->value);
	if (!unsigned_field(text, "ev", &line->action))
		return false;
	return line->node ? int_field(text, "nid", &line->nid) : parse_memory(text, line);
}

/* "CPU:1 [LOST 12 EVENTS]", which trace_pipe tells between the others. */
static bool parse_lost(const char *text, struct mh_kernel_line *line)
{
	unsigned long long lost;

	if (sscanf(text, "CPU:%*u [LOST %llu EVENTS]", &lost) != 1)
		return strstr(text, "[LOST EVENTS]") != NULL;
	line->lost = lost;
	return true;
}

/* The last one: a thread may be named as a mark. */
static const char *find_mark(const char *text, const char *mark)
{
	const char *found = NULL;

	for (const char *at = strstr(text, mark); at; at = strstr(at + 1, mark))
		found = at;
	return found;
}

/* ": c7: (", the last one; its sign and number. NULL: there is none. */
static const char *find_call(const char *text, char *ret_sign, unsigned *ret_function)
{
	const char *found = NULL;

	for (const char *at = strstr(text, ": "); at; at = strstr(at + 1, ": ")) {
		char sign;
		unsigned function;
		int length = 0;

		if (sscanf(at, ": %c%3u: (%n", &sign, &function, &length) != 2 || !length ||
		    (sign != MH_KERNEL_PROBE_CALL && sign != MH_KERNEL_PROBE_CALLED))
			continue;
		found = at;
		*ret_sign = sign;
		*ret_function = function;
	}
	return found;
}

/* Of a further function; what its arguments are nobody asks. */
static int parse_call(const char *text, struct mh_kernel_line *line, struct mh_error *reterr)
{
	char sign;
	const char *at = find_call(text, &sign, &line->function);

	if (!at)
		return 0;
	if (!parse_head((struct head){text, at}, line))
		return mh_error_set(reterr, -EPROTO, "a line of the trace cannot be read: '%s'", text);
	line->kind = sign == MH_KERNEL_PROBE_CALL ? MH_KERNEL_LINE_CALL : MH_KERNEL_LINE_CALLED;
	return 0;
}

int mh_kernel_line_parse(const char *text, struct mh_kernel_line *ret_line, struct mh_error *reterr)
{
	struct mh_kernel_line line = {.kind = MH_KERNEL_LINE_OTHER};
	int ret = 0;

	if (strncmp(text, "CPU:", 4) == 0 && parse_lost(text, &line)) {
		line.kind = MH_KERNEL_LINE_LOST;
		*ret_line = line;
		return 0;
	}
	for (size_t i = 0; text[0] != '#' && i < sizeof(marks) / sizeof(marks[0]); i++) {
		const char *at = find_mark(text, marks[i].mark);

		if (!at)
			continue;
		line.node = marks[i].node;
		if (parse_head((struct head){text, at}, &line) && parse_body(at, marks[i].ends, &line))
			break;
		return mh_error_set(reterr, -EPROTO, "a line of the trace cannot be read: '%s'", text);
	}
	if (text[0] != '#' && line.kind == MH_KERNEL_LINE_OTHER)
		ret = parse_call(text, &line, reterr);
	if (ret < 0)
		return ret;
	*ret_line = line;
	return 0;
}
