/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core's cycle as it is linked.
 */
#include "bench/micro/cycle_code.h"

const struct mh_cycle_code mh_cycle_core_code = {
	.online = mh_block_online,
	.offline = mh_block_offline,
};
