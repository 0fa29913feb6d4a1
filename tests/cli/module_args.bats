# SPDX-License-Identifier: GPL-2.0-or-later
# Parameters of modules: from --module "FILE.so NAME=VALUE …" and from `args`; a module of several files.

load cli

# notifier [FILE.so]: m.so from two files, each with a parameter, which its init logs.
notifier()
{
	cat >state.c <<'END'
#include <linux/module.h>
#include <linux/moduleparam.h>
int state_answer(void);
static int answer = 1;
module_param(answer, int, 0444);
int state_answer(void) { return answer; }
END
	cat >main.c <<'END'
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
int state_answer(void);
static char *greeting = "none";
module_param(greeting, charp, 0);
static int cb(struct notifier_block *nb, unsigned long action, void *data) { return NOTIFY_OK; }
static struct notifier_block nb = {.notifier_call = cb, .priority = 70};
static int __init begin(void) { pr_info("greeting: %s %d\n", greeting, state_answer()); return register_memory_notifier(&nb); }
static void __exit end(void) { unregister_memory_notifier(&nb); }
module_init(begin);
module_exit(end);
END
	gcc -std=gnu11 -Wall -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" state.c main.c -o "${1:-m.so}"
}

@test "module args: are set before init, in every file of the module" {
	notifier
	bench run "$TINY" --module './m.so answer=7 greeting="hello there"' -o a
	exits 0
	stderr_has 'greeting: hello there 7'
}

@test "module args: an unknown name, a malformed value and none are sentences, exit 2, and nothing ran" {
	notifier
	bench run "$TINY" --module './m.so anser=1' -o a
	exits 2
	stderr_has "no parameter 'anser' (did you mean 'answer'?); it has '"
	[ ! -e a ]
	bench run "$TINY" --module './m.so answer=many' -o a
	exits 2
	stderr_has "parameter 'answer' is of type int and takes a whole number, not 'many'"
	bench run "$TINY" --module './m.so answer' -o a
	exits 2
	stderr_has "parameter 'answer' wants a value"
}

@test "module args: of a scenario are the same, and a path may hold spaces" {
	mkdir 'my modules'
	notifier 'my modules/m.so'
	printf 'extends: %s\nmodules:\n  - path: my modules/m.so\n    args: [greeting=hi]\n' "$TINY" >s.yaml
	bench run s.yaml -o a
	stderr_has 'greeting: hi'
	bench run "$TINY" --module './my modules/m.so greeting=ho' -o b
	stderr_has 'greeting: ho'
}
