# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/check-layers on a made-up tree: silent while it is whole, and each rule broken once.

load cli

# A tree with the project's own table and one well-behaved file.
made_up_tree()
{
	mkdir -p docs base core/topology bench/engine bench/cli tests/unit/core tests/race include/memhp examples/modules
	cp "$ROOT/docs/layers.txt" docs/
	echo '#include "base/error.h"' >core/good.c
}

check()
{
	run "$ROOT/scripts/check-layers" --root .
}

# refused LINE: exit 1 and exactly this one finding.
refused()
{
	[ "$status" -eq 1 ] && [ "$output" = "$1" ] || {
		printf 'exit %s:\n%s\nexpected:\n%s\n' "$status" "$output" "$1" >&2
		return 1
	}
}

@test "check-layers: a tree that keeps to the table passes" {
	made_up_tree
	echo '#include "core/x.h"' >bench/cli/main.c
	printf '#include <hwloc.h>\n#include <numa.h>\n' >core/topology/host.c
	printf '#include <urcu/urcu-memb.h>\n#include <Random123/philox.h>\n' >base/rcu.h
	echo '#include <yaml.h>' >bench/engine/document.c
	echo '/* pthread_mutex_lock(x) */ const char *s = "nanosleep(1)"; // futex(' >core/words.c
	printf '#include "core/x.h"\n#include "base/x.h"\n' >tests/unit/core/x_test.c
	printf '#include <errno.h>\n#include <memhp/kernel.h>\n' >include/memhp/x.h
	check
	[ "$status" -eq 0 ]
	[ "$output" = "check-layers: 8 files keep to docs/layers.txt" ]
}

@test "check-layers: an include upwards is found with its line" {
	made_up_tree
	printf '\n#include "bench/engine/plan.h"\n' >core/bad.c
	check
	refused 'core/bad.c:2: core may not include bench/engine ("bench/engine/plan.h"), only base core/topology'
}

@test "check-layers: a test reaches as far down as it is linked, and no further up than its layer" {
	made_up_tree
	mkdir -p tests/unit/faults
	printf '#include "tests/unit/faults/x.h"\n#include "x.h"\n#include "core/topology/x.h"\n' >tests/unit/faults/good_test.c
	check
	[ "$status" -eq 0 ]
	echo '#include "faults/fault.h"' >tests/unit/core/bad_test.c
	check
	[ "$status" -eq 1 ]
	[[ $output == 'tests/unit/core/bad_test.c:1: a unit test of core may not include faults ("faults/fault.h")'* ]]
}

@test "check-layers: a race test reaches up to workloads and faults" {
	made_up_tree
	printf '#include "workloads/a.h"\n#include "faults/a.h"\n#include "base/a.h"\n' >tests/race/good.c
	check
	[ "$status" -eq 0 ]
	echo '#include "bench/engine/a.h"' >tests/race/bad.c
	check
	[ "$status" -eq 1 ]
	[[ $output == 'tests/race/bad.c:1: a race test may not include bench/engine'* ]]
}

@test "check-layers: a layer in angle brackets, by dots, by macro or by no layer at all" {
	made_up_tree
	echo '#include <core/x.h>' >bench/cli/a.c
	check
	refused 'bench/cli/a.c:1: <core/x.h> is a layer: write "core/x.h"'
	echo '#include "base/../bench/cli/x.h"' >bench/cli/a.c
	check
	refused 'bench/cli/a.c:1: "base/../bench/cli/x.h" hides its layer: begin with the layer, without . or ..'
	echo '#include HEADER' >bench/cli/a.c
	check
	refused 'bench/cli/a.c:1: an include by macro cannot be checked'
	echo '#include "x.h"' >bench/cli/a.c
	check
	refused 'bench/cli/a.c:1: "x.h" begins with no layer of docs/layers.txt'
}

@test "check-layers: each library has one door" {
	made_up_tree
	echo '#include <urcu.h>' >base/a.c
	check
	refused 'base/a.c:1: <urcu.h> stands only in base/rcu.h, base/rcu.c and base/srcu.c: use base/rcu.h'
	rm base/a.c
	echo '# include <hwloc/helper.h>' >core/a.c
	check
	refused 'core/a.c:1: <hwloc/helper.h> stands only in core/topology'
	echo '#include <numaif.h>' >core/a.c
	check
	refused 'core/a.c:1: <numaif.h> stands only in core/topology'
	echo '#include <Random123/philox.h>' >core/a.c
	check
	refused 'core/a.c:1: <Random123/philox.h> stands only in base: use base/rng.h'
	echo '#include <yaml.h>' >core/a.c
	check
	refused 'core/a.c:1: <yaml.h> stands only in bench/engine'
	echo '#include <Rmath.h>' >core/a.c
	check
	refused 'core/a.c:1: <Rmath.h> stands only in results/statistics'
}

@test "check-layers: waiting is called in base only" {
	made_up_tree
	echo 'void f(void) { pthread_mutex_lock(&m); }' >base/a.c
	check
	[ "$status" -eq 0 ]
	echo 'void f(void) { pthread_mutex_lock(&m); }' >core/a.c
	check
	refused 'core/a.c:1: pthread_mutex_lock is called only in base: use base/sync.h or base/thread.h'
	echo 'long f(void) { return syscall(SYS_futex, 0); }' >core/a.c
	check
	refused 'core/a.c:1: SYS_futex is called only in base: use base/sync.h or base/thread.h'
}

@test "check-layers: a public header knows libc and nothing else" {
	made_up_tree
	echo '#include "base/error.h"' >include/memhp/a.h
	check
	refused 'include/memhp/a.h:1: a public header includes no layer, but includes "base/error.h"'
	echo '#include <jansson.h>' >include/memhp/a.h
	check
	refused 'include/memhp/a.h:1: a public header includes libc only, but includes <jansson.h>'
}

@test "check-layers: an example module is kernel source" {
	made_up_tree
	echo '#include <stdio.h>' >examples/modules/a.c
	check
	refused 'examples/modules/a.c:1: an example module includes <linux/…> or <memhp/…> only, but includes <stdio.h>'
}

@test "check-layers: nothing to check is not a pass" {
	check
	[ "$status" -eq 2 ]
	mkdir -p docs core
	cp "$ROOT/docs/layers.txt" docs/
	check
	[ "$status" -eq 2 ]
	[[ $output == *'nothing was checked'* ]]
}
