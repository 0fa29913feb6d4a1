/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a module did that its kernel would punish: told here by everything that carries a kernel's name.
 *
 * A report is a violation of the machine that the module is bound to, told with the operation that this thread runs;
 * who judges a module by itself (the contract check) takes the reports instead.
 */
#ifndef CORE_KAPI_REPORT_H
#define CORE_KAPI_REPORT_H

/* The rules, rows of core/invariant.c. */
#define MH_KAPI_RULE_LOCK     "module-lock"     /* released unheld, left held, taken twice, by another's thread */
#define MH_KAPI_RULE_FREE     "module-free"     /* freed twice, or what was never allocated */
#define MH_KAPI_RULE_WRITE    "module-write"    /* memory written to beyond its end, or after it was freed */
#define MH_KAPI_RULE_LEAK     "module-leak"     /* still allocated after the module's exit */
#define MH_KAPI_RULE_SLEEP    "module-sleep"    /* may sleep where it must not: under a spinlock, in an RCU section */
#define MH_KAPI_RULE_WARN     "module-warn"     /* WARN_ON and its kin */
#define MH_KAPI_RULE_BUG      "module-bug"      /* BUG_ON: the thread goes no further */
#define MH_KAPI_RULE_REGISTER "module-register" /* a notifier_block registered while it is registered */
#define MH_KAPI_RULE_USE      "module-use" /* the rest: an object used before its init, after its end, counted below 0 */

struct mh_kapi_sink {
	/* In the module's thread, any. @text: one sentence. */
	void (*report)(void *data, const char *rule, const char *text);
	void *data;
};

/* Who takes the reports from here on; NULL: the machine's checks. While no module code runs. */
void mh_kapi_report_to(const struct mh_kapi_sink *sink);

/**
 * mh_kapi_report - one misdeed of a module
 * @rule: one of MH_KAPI_RULE_*
 * @format: printf: one sentence: what was done, to what (named as in the module's source), where ("file.c:42")
 *
 * Any thread of a module, without a lock of the kapi held.
 */
void mh_kapi_report(const char *rule, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
