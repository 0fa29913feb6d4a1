/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be allocated when, and who owns what: I18-I22 and I39. verify: full; under the hotplug lock of the block's
 * node, while other threads take and give pages.
 */
#ifndef CORE_PAGE_CHECK_H
#define CORE_PAGE_CHECK_H

#include "core/machine_private.h"

/* I18-I21: tries to take a page of the operation's block, before and after a walk of @event. Nobody sees it. */
void mh_page_check_event(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event);
/* I22 over the blocks of the operation's node. O(pages taken from). */
void mh_page_check_owners(struct mh_machine *machine, struct mh_operation *operation);
/* I39, when an offline gives up by its deadline: is all that is left movable, and is there room for it? */
void mh_page_check_given_up(struct mh_machine *machine, struct mh_operation *operation);

#endif
