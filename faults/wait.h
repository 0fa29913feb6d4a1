/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting inside a fault, so that the end of the phase can cut it short.
 */
#ifndef FAULTS_WAIT_H
#define FAULTS_WAIT_H

#include <stdbool.h>
#include <stdint.h>

struct mh_fault_call;
struct mh_operation;

/* The longest time between two looks at whether the wait is to end. */
#define MH_FAULT_WAIT_SLICE_NS 500000u

/* The phase has ended, or something else has signalled the operation. */
bool mh_fault_is_released(const struct mh_operation *operation);

/**
 * mh_fault_wait - let @wait_ns pass, or less when the phase ends
 * @sleeps: gives the CPU away
 *
 * Return: ns that passed, at most @wait_ns.
 */
uint64_t mh_fault_wait(const struct mh_fault_call *call, uint64_t wait_ns, bool sleeps);

#endif
