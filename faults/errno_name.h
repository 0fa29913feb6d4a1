/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of errnos, as a scenario writes them.
 */
#ifndef FAULTS_ERRNO_NAME_H
#define FAULTS_ERRNO_NAME_H

#include "base/error.h"

/**
 * mh_errno_parse - the number of an errno's name
 * @name: "ENOMEM"; upper case
 * @ret_errno: positive
 *
 * Return: 0; -EINVAL no such name: the sentence suggests one.
 */
int mh_errno_parse(const char *name, int *ret_errno, struct mh_error *reterr);

#endif
