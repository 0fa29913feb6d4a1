/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of rules, in the order in which they are told. */
#include "bench/engine/contract_rule.h"

#include <string.h>

#include "core/kapi_report.h"

const struct mh_contract_rule_row mh_contract_rules[MH_CONTRACT_RULES] = {
	[MH_CONTRACT_RETURN] = {"return-encoding", "answers are NOTIFY_ values or made by notifier_from_errno()",
				"no callback was called"},
	[MH_CONTRACT_REFUSAL] = {"refusal", "refuses only where the kernel asks: in GOING and PREPARE events",
				 "no final or CANCEL event was heard"},
	[MH_CONTRACT_STOP] = {"stop", "hides no event from the listeners below", "no callback was called"},
	[MH_CONTRACT_ARGUMENT] = {"argument", "leaves the argument of the event alone", "no callback was called"},
	[MH_CONTRACT_UNDO] = {"undo", "what an event prepared is undone when the operation is cancelled",
			      "it prepares nothing that can be seen: no memory, no lock, no variable that comes back"},
	[MH_CONTRACT_UNDO_ONCE] = {"undo-once", "undoes nothing twice, and nothing that was not prepared",
				   "it prepares nothing that can be seen: no memory, no lock, no variable that comes "
				   "back"},
	[MH_CONTRACT_LOCK] = {"lock", "locks are released by who holds them, and none outlives its operation",
			      "it takes no lock"},
	[MH_CONTRACT_LEAK] = {"leak", "memory does not grow from cycle to cycle, and is gone with the module",
			      "it allocates nothing"},
	[MH_CONTRACT_ALLOCATION] = {"allocation", "copes with each of its allocations failing",
				    "its callbacks allocate nothing"},
	[MH_CONTRACT_WRITE] = {"write", "writes only to memory that it has", "it allocates nothing"},
	[MH_CONTRACT_SLEEP] = {"sleep", "does not sleep under a spinlock or in a read-side section",
			       "it has neither spinlocks nor read-side sections"},
	[MH_CONTRACT_WARNING] = {"warning", "no WARN, no BUG, no misuse of a kernel object", "no callback was called"},
	[MH_CONTRACT_REGISTRATION] = {"registration", "registers once, and takes back what it registered",
				      "it registers nothing"},
	[MH_CONTRACT_RETURNS] = {"returns", "its callbacks come back: no crash, no hang", "no callback was called"},
	[MH_CONTRACT_PROTOCOL] = {"protocol", "the machine's own invariants hold", "no operation ran"},
};

/* The rest is about the machine. */
static const struct {
	const char *invariant;
	enum mh_contract_rule rule;
} causes[] = {
	{"I09", MH_CONTRACT_ARGUMENT},
	{"unregister-in-walk", MH_CONTRACT_REGISTRATION},
	{MH_KAPI_RULE_REGISTER, MH_CONTRACT_REGISTRATION},
	{MH_KAPI_RULE_LOCK, MH_CONTRACT_LOCK},
	{MH_KAPI_RULE_FREE, MH_CONTRACT_UNDO_ONCE},
	{MH_KAPI_RULE_WRITE, MH_CONTRACT_WRITE},
	{MH_KAPI_RULE_LEAK, MH_CONTRACT_LEAK},
	{MH_KAPI_RULE_SLEEP, MH_CONTRACT_SLEEP},
	{MH_KAPI_RULE_WARN, MH_CONTRACT_WARNING},
	{MH_KAPI_RULE_BUG, MH_CONTRACT_WARNING},
	{MH_KAPI_RULE_USE, MH_CONTRACT_WARNING},
};

enum mh_contract_rule mh_contract_rule_of(const char *invariant)
{
	for (unsigned i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strcmp(causes[i].invariant, invariant) == 0)
			return causes[i].rule;
	return MH_CONTRACT_PROTOCOL;
}
