/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of the uevents.
 */
#include "core/uevent.h"

const char *const mh_uevent_names[MH_UEVENTS] = {"add", "remove", "online", "offline"};
