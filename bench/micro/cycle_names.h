/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other names for what core/operation_check.c, core/walk.c, core/zone.c and core/hotplug.c define, so that a program
 * can have them several times. Before every other header: prototypes must be renamed, too.
 */
#ifndef BENCH_MICRO_CYCLE_NAMES_H
#define BENCH_MICRO_CYCLE_NAMES_H

#define CYCLE_JOIN(variant, name) mh_cycle_##variant##_##name
#define CYCLE_OF(variant, name)   CYCLE_JOIN(variant, name)
#define CYCLE_NAME(name)          CYCLE_OF(CYCLE_VARIANT, name)

#define mh_block_offline           CYCLE_NAME(block_offline)
#define mh_block_online            CYCLE_NAME(block_online)
#define mh_check_found_event       CYCLE_NAME(check_found_event)
#define mh_check_found_absent      CYCLE_NAME(check_found_absent)
#define mh_automaton_with_node     CYCLE_NAME(automaton_with_node)
#define mh_check_found_argument    CYCLE_NAME(check_found_argument)
#define mh_check_nids              CYCLE_NAME(check_nids)
#define mh_check_found_order       CYCLE_NAME(check_found_order)
#define mh_check_found_walk_value  CYCLE_NAME(check_found_walk_value)
#define mh_check_other_argument    CYCLE_NAME(check_other_argument)
#define mh_listener_none           CYCLE_NAME(listener_none)
#define mh_listener_stopped        CYCLE_NAME(listener_stopped)
#define mh_machine_zone_extent     CYCLE_NAME(machine_zone_extent)
#define mh_operation_check_each    CYCLE_NAME(operation_check_each)
#define mh_operation_check_init    CYCLE_NAME(operation_check_init)
#define mh_operation_tell_finding  CYCLE_NAME(operation_tell_finding)
#define mh_operation_current       CYCLE_NAME(operation_current)
#define mh_operation_found_answer  CYCLE_NAME(operation_found_answer)
#define mh_operation_found_refusal CYCLE_NAME(operation_found_refusal)
#define mh_outcome_names           CYCLE_NAME(outcome_names)
#define mh_outcome_reasons         CYCLE_NAME(outcome_reasons)
#define mh_walk                    CYCLE_NAME(walk)
#define mh_zone_block_is_free      CYCLE_NAME(zone_block_is_free)
#define mh_zone_close_begun        CYCLE_NAME(zone_close_begun)
#define mh_zone_count_facts        CYCLE_NAME(zone_count_facts)
#define mh_zone_forget_pages       CYCLE_NAME(zone_forget_pages)
#define mh_zone_give               CYCLE_NAME(zone_give)
#define mh_zone_init               CYCLE_NAME(zone_init)
#define mh_zone_open_begun         CYCLE_NAME(zone_open_begun)
#define mh_zone_prepare_block      CYCLE_NAME(zone_prepare_block)
#define mh_zone_release            CYCLE_NAME(zone_release)
#define mh_zone_take               CYCLE_NAME(zone_take)

#endif
