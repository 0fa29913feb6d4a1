# SPDX-License-Identifier: GPL-2.0-or-later
# A user's module by --module: measured by name, refused with a sentence, and the bug that the quickstart finds.

load cli

@test "module: its listener is measured under the file's name" {
	bench run "$TINY" --module "$MODULES/hello.so" -o result
	exits 0
	stdout_has hello
	[ "$(jq '.series[] | select(.tag == "steady/cb.hello").count > 0' result/cells/main/run-001/run.json)" = true ]
}

@test "module: a raw -ENOMEM is found: exit 3, what broke, its events, the repro line" {
	bench run "$ROOT/examples/bugs/raw_errno.yaml" --module "$MODULES/raw_errno.so" -D "machine.topology=pack:2 [numa(memory=1GiB)] core:1 pu:1" -o result
	exits 3
	last_line_says 3
	[[ $output$stderr == *return-encoding* ]]
	[[ $output$stderr == *raw_errno* ]]
	[[ $output$stderr == *-12* ]]
	[[ $output$stderr == *MEM_GOING_ONLINE* ]]
	jq -e '.status == "incorrect" and (.verify.violations[0].invariant == "return-encoding")' \
		result/cells/main/run-001/run.json
}

@test "module: the fix passes" {
	bench run "$ROOT/examples/bugs/raw_errno.yaml" --module "$MODULES/section_table.so" -D "machine.topology=pack:2 [numa(memory=1GiB)] core:1 pu:1" -o result
	exits 0
	last_line_says 0
}

@test "module: a file that is not there, is no module, has no init, wants a symbol that is absent" {
	bench run "$TINY" --module missing.so -o a
	[ "$status" -eq 2 ]
	stderr_has missing.so
	echo 'not a module' >text.so
	bench run "$TINY" --module ./text.so -o a
	exits 2
	stderr_has text.so
	echo 'int nothing;' >empty.c
	gcc -shared -fPIC empty.c -o empty.so
	bench run "$TINY" --module ./empty.so -o a
	exits 2
	stderr_has module_init
	printf '#include <linux/module.h>\nint no_such_name(void);\nstatic int i(void) { return no_such_name(); }\nmodule_init(i);\n' >want.c
	gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" want.c -o want.so
	bench run "$TINY" --module ./want.so -o a
	exits 2
	stderr_has no_such_name
	[ ! -e a ]
}

@test "module: an init that fails is exit 6 and says with what" {
	printf '#include <linux/module.h>\n#include <linux/errno.h>\nstatic int i(void) { return -ENOMEM; }\nmodule_init(i);\n' >failing.c
	gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" failing.c -o failing.so
	bench run "$TINY" --module ./failing.so -o a
	exits 6
	stderr_has failing
	[ ! -e a ]
}

@test "module: one of another ABI is refused" {
	printf '#include <linux/module.h>\nstatic int i(void) { return 0; }\nmodule_init(i);\n' >other.c
	sed 's/^#define MEMHP_MODULE_ABI .*/#define MEMHP_MODULE_ABI 999/' "$ROOT/include/memhp/kernel.h" >kernel.h
	mkdir memhp
	mv kernel.h memhp/
	gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I. -I"$ROOT/include" other.c -o other.so
	bench run "$TINY" --module ./other.so -o a
	exits 2
	stderr_has ABI
}

@test "module: one that brings its own register_memory_notifier is refused" {
	cat >own.c <<'END'
#include <linux/module.h>
#include <linux/memory.h>
int register_memory_notifier(struct notifier_block *nb) { return nb->priority; }
static int i(void) { return 0; }
module_init(i);
END
	gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" own.c -o own.so
	bench run "$TINY" --module ./own.so -o a
	exits 2
	stderr_has register_memory_notifier
}

@test "module: one that forgets to unregister is named" {
	cat >forgetful.c <<'END'
#include <linux/module.h>
#include <linux/memory.h>
static int cb(struct notifier_block *nb, unsigned long action, void *data) { return NOTIFY_OK; }
static struct notifier_block nb = {.notifier_call = cb};
static int i(void) { return register_memory_notifier(&nb); }
static void e(void) { }
module_init(i);
module_exit(e);
END
	gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" forgetful.c -o forgetful.so
	bench run "$TINY" --module ./forgetful.so -o a
	[ "$status" -ne 0 ]
	stderr_has forgetful
}
