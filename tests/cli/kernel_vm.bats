# SPDX-License-Identifier: GPL-2.0-or-later
# A real kernel in a virtual machine: a scenario, and modules as .so and .ko. Skipped where QEMU or a kernel is missing.

load cli
load vm

@test "kernel-vm: what it cannot use is refused before anything boots" {
	for words in '' -o '--colour x.yaml' 'missing.yaml' 'a b c' '--' "--timeout soon $TINY" "--accel hvf $TINY"; do
		vm kernel-vm $words
		exits 2
		[ -n "$stderr" ]
	done
	mkdir precious
	touch precious/file
	vm kernel-vm -o precious "$TINY"
	exits 2
	stderr_has "no folder of kernel-vm's"
	[ -e precious/file ]
	vm kernel-diff
	exits 2
	vm kernel-diff --case
	exits 2
	stderr_has '--case wants a value'
	vm kernel-diff --compat 5 "$ROOT/examples/modules/hello.c"
	exits 2
	PATH=/nowhere run "$BASH" "$ROOT/scripts/kernel-vm" "$TINY"
	[ "$status" -ne 0 ]
	needs_vm
	vm kernel-vm --kernel "$TINY" "$TINY"
	exits 6
	stderr_has 'names no release of Linux'
}

@test "kernel-vm: a scenario with the kernel's injector is checked, counted and put back" {
	needs_vm "$INJECTOR"
	vm kernel-vm "$ROOT/bench/scenarios/kernel-injector.yaml" -- --ops 60
	exits 0
	stdout_has 'no violation, 3 of 3 faults fired'
	jq -e '.mode == "kernel" and .counters["kernel.walks"] > 100 and .counters["kernel.skipped"] == 0 and
		([.phases[].workloads[].ops.unexpected] | add) == 0 and .phases[0].workloads[0].ops.expected_fail == 60' \
		kernel-vm-result/out/cells/main/run-001/run.json
	# Times of an emulated processor are held against none.
	[ "$(jq .emulated kernel-vm-result/out/cells/main/run-001/run.json)" = false ] || {
		bench compare kernel-vm-result/out kernel-vm-result/out
		exits 5
	}
	[ ! -e kernel-vm-result/out/cells/main/run-001/restore.sh ]
}

@test "kernel-vm: a module beside a scenario, and one that does not load" {
	needs_vm "$HEADERS"
	cp "$ROOT/examples/modules/hello.c" hello.c
	vm kernel-vm "$ROOT/bench/scenarios/first-run.yaml" hello.c -- --ops 4
	exits 0
	stdout_has 'no violation'
	sed 's/return register_memory_notifier(&hello_nb);/return -ENODEV;/' hello.c >refuses.c
	run ! cmp -s hello.c refuses.c
	vm kernel-vm "$ROOT/bench/scenarios/first-run.yaml" refuses.c -- --ops 4
	exits 6
	stderr_has "can't insert '/refuses.ko': No such device"
	vm kernel-vm --timeout 1 -- version
	exits 7
	stderr_has 'did not come to its end'
}

@test "kernel-diff: a module does on a kernel what it does here" {
	needs_vm "$HEADERS"
	vm kernel-diff "$ROOT/examples/modules/hello.c"
	exits 0
	[[ ${lines[-1]} == '54 cases the same, 0 differ, '*' skipped'* ]]
	[[ $stderr != *$'\r'* ]]
}

@test "kernel-diff: a bug in what modules are given is found" {
	needs_vm "$HEADERS"
	cp -r "$ROOT/include" planted
	sed -i 's/(NOTIFY_OK - err))/(NOTIFY_OK - err - 1))/' planted/memhp/kernel.h
	run ! cmp -s planted/memhp/kernel.h "$ROOT/include/memhp/kernel.h"
	CFLAGS="-I$PWD/planted/memhp/kernel -I$PWD/planted" vm kernel-diff \
		--case error_inject/preset/none/none/first/normal/stays/alloc-0 \
		"$ROOT/examples/modules/error_inject.c" offline_error=-12
	exits 3
	stdout_has 'operation 2, offline block 0:'
	stdout_has '"EAGAIN"   "ENOMEM"'
	stdout_has '0 cases the same, 1 differs'
}
