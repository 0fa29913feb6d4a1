/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths that a scenario names.
 */
#ifndef BENCH_ENGINE_PATHS_H
#define BENCH_ENGINE_PATHS_H

#include "bench/engine/document.h"

/**
 * mh_path_absolute - a path as the file that names it means it
 * @place: of the value: a relative path begins from the folder of its file; from -D and --module from the current
 * folder
 *
 * The file need not exist. Return: in the reader's arena; NULL when memory runs out or there is no current folder.
 */
const char *mh_path_absolute(struct mh_reader *reader, struct mh_place place, const char *path);

#endif
