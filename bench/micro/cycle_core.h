/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core's own files of a cycle, compiled once more as one unit, with parts left out: not another program that does the
 * same, but the same text. A file that wants a variant defines CYCLE_VARIANT, the parts that it leaves out
 * (CYCLE_WITHOUT_…), and includes this once; it then has a struct mh_cycle_code of that name.
 *
 * CYCLE_WITHOUT_LOCKS       the hotplug lock and the zones' locks
 * CYCLE_WITHOUT_RCU         the read section around a walk and the ordered load of its array
 * CYCLE_WITHOUT_CALL_CHECKS I26 and I01-I03, for each listener
 * CYCLE_WITHOUT_OPERATION_CHECKS  what is checked once a walk and once an operation, but for the automaton of events
 * CYCLE_WITHOUT_TRACE       the trace, of which every level of stamps keeps the calls
 * CYCLE_WITHOUT_HOOKS       the places where faults act
 *
 * What must be left out of an inline function of a header is defined before that header, the rest behind all of them.
 */
#include "bench/micro/cycle_names.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/assert.h"
#include "base/brief.h"
#include "base/rcu.h"
#include "base/sync.h"

#ifdef CYCLE_WITHOUT_HOOKS
#undef MEMHP_HOOKS
#define MEMHP_HOOKS 0
#endif

#ifdef CYCLE_WITHOUT_LOCKS
#define mh_mutex_lock(mutex)    ((void)(mutex))
#define mh_mutex_trylock(mutex) ((void)(mutex), true)
#define mh_mutex_unlock(mutex)  ((void)(mutex))
#define mh_brief_lock(brief)    ((void)(brief))
#define mh_brief_unlock(brief)  ((void)(brief))
#define mh_brief_enter(brief)   ((void)(brief))
#define mh_brief_leave(brief)   ((void)(brief))
#endif

#ifdef CYCLE_WITHOUT_RCU
#undef mh_rcu_dereference
#define mh_rcu_read_lock(domain)            ((void)(domain), 0u)
#define mh_rcu_read_unlock(domain, section) ((void)(domain), (void)(section))
#define mh_rcu_dereference(pointer)         (pointer)
#endif

#include "core/backing.h"
#include "core/buddy.h"
#include "core/chain_list.h"
#include "core/chain_rcu_array.h"
#include "core/chain_reclaim.h"
#include "core/corrupt.h"
#include "core/evacuate.h"
#include "core/full_check.h"
#include "core/hook_ask.h"
#include "core/invariant.h"
#include "core/kapi_rcu.h"
#include "core/kapi_thread.h"
#include "core/machine_private.h"
#include "core/operation_check.h"
#include "core/pcp.h"
#include "core/sieve.h"
#include "core/walk.h"
#include "core/walk_check.h"
#include "core/zone.h"
#include "core/zone_choice.h"

#ifdef CYCLE_WITHOUT_TRACE
#define mh_trace_add(trace, kind, event, listener, value)           ((void)(trace), (void)(value))
#define mh_trace_add_at(trace, kind, event, listener, value, ticks) ((void)(trace), (void)(value))
#define mh_trace_has_room(trace, count)                             ((void)(trace), true)
#define mh_trace_put(trace, next, word)                             ((void)(trace), (void)(next))
#define mh_trace_last_ticks(trace)                                  ((void)(trace), UINT64_C(0))
/* It compares with what the trace has. */
#define mh_check_walk_value(machine, operation, value, count)       ((void)(value), (void)(count))
#define mh_check_last_value(machine, operation, last, value, count) ((void)(value), (void)(count))
#endif

#ifdef CYCLE_WITHOUT_CALL_CHECKS
#define mh_check_present(machine, operation, listener, sequence, what) ((void)(listener), (void)(sequence))
#define mh_check_order(machine, operation, previous, previous_sequence, listener, sequence)                            \
	((void)(previous), (void)(listener), (void)(sequence))
#endif

#include "core/operation_check.c"

#ifdef CYCLE_WITHOUT_OPERATION_CHECKS
static inline void begin_automaton(struct mh_machine *machine, struct mh_operation *operation)
{
	operation->check.state = MH_OPERATION_BEGUN;
	operation->check.automaton = mh_automaton_of(machine, operation);
}

#undef mh_check_walk_value
#undef mh_check_last_value
#define mh_operation_check_begin(machine, operation, place, normal, memory)                                            \
	(begin_automaton(machine, operation), (void)(place), (void)(normal), (void)(memory))
#define mh_operation_check_arg(machine, operation, place, online)   ((void)(operation), (void)(online))
#define mh_operation_check_end(machine, operation, place, online)   ((void)(operation))
#define mh_check_walk_value(machine, operation, value, count)       ((void)(value), (void)(count))
#define mh_check_last_value(machine, operation, last, value, count) ((void)(value), (void)(count))
#define mh_check_argument(machine, operation)                       ((void)(machine), (void)(operation))
#endif

#include "core/walk.c"
#include "core/zone.c"
#include "core/hotplug.c"

#include "bench/micro/cycle_code.h"

const struct mh_cycle_code CYCLE_NAME(code) = {
	.online = mh_block_online,
	.offline = mh_block_offline,
};
