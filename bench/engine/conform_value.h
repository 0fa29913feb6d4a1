/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the recordings for what a callback is asked and answers, and for what a writer gets.
 */
#ifndef BENCH_ENGINE_CONFORM_VALUE_H
#define BENCH_ENGINE_CONFORM_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "core/event.h"

#define MH_CONFORM_WORD_SIZE 24

/* DONE, OK, STOP, BAD, errno:-N (as notifier_from_errno makes it) or raw:N (also 0x…). Return: 0; -EINVAL. */
int mh_conform_value_parse(const char *word, int *ret_value);
/* The other way round: the shortest of these words that says @value. */
const char *mh_conform_value_name(int value, char buffer[MH_CONFORM_WORD_SIZE]);

/* "GOING_ONLINE", "NODE_ADDING_FIRST_MEMORY". */
const char *mh_conform_event_name(enum mh_event event);

/* "0", "EBUSY", "E512"; "BEYOND" for what no user library takes for an error. @result: of a write, -errno or more. */
const char *mh_conform_errname(int64_t result, char buffer[MH_CONFORM_WORD_SIZE]);
/* errno after such a write. */
int mh_conform_errno(int64_t result);

#endif
