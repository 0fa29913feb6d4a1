/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a fault may ask at each hook point: not every point knows a listener, a zone, a block.
 */
#ifndef FAULTS_POINT_H
#define FAULTS_POINT_H

#include "base/error.h"
#include "core/hook.h"
#include "faults/where.h"

/* "listener", "isolate" …; as in faults.ndjson. */
extern const char *const mh_point_names[MH_HOOK_POINTS];

/* True where site->event says something: a walk's event, or the direction of the operation. */
bool mh_point_has_event(enum mh_hook_point point);
/* True where site->block is one. */
bool mh_point_has_block(enum mh_hook_point point);

/**
 * mh_point_check_where - refuse what `where` asks and the point cannot tell
 * @events: what `where.event` names
 * @ret_key: the key that is wrong, "where.callback"
 *
 * Return: 0, or -EINVAL with a sentence.
 */
int mh_point_check_where(enum mh_hook_point point, const struct mh_where *where, unsigned events, const char **ret_key,
			 struct mh_error *reterr);

#endif
