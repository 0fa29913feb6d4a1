# SPDX-License-Identifier: GPL-2.0-or-later
# What tests in a virtual machine start from.

# needs_vm [PATTERN]: tools, a readable kernel, and what PATTERN names; or the test is skipped.
needs_vm()
{
	command -v qemu-system-x86_64 >/dev/null || skip 'no qemu-system-x86_64'
	command -v busybox >/dev/null || skip 'no busybox'
	KERNEL=$(ls -v /boot/vmlinuz-6.1.* 2>/dev/null | tail -n 1)
	[ -r "$KERNEL" ] || skip 'no readable /boot/vmlinuz-6.1.*'
	[ -z "${1-}" ] || compgen -G "$1" >/dev/null || skip "no $1"
}

INJECTOR='/lib/modules/6.1.*/kernel/lib/memory-notifier-error-inject.ko*'
HEADERS='/lib/modules/6.1.*/build'

# vm SCRIPT ARGUMENT…: scripts/SCRIPT with this program, as `bench` runs the program itself.
vm()
{
	local script=$1

	shift
	status=0
	timeout 300 "$ROOT/scripts/$script" --program "$BENCH" --timeout 280 ${KERNEL:+--kernel "$KERNEL"} "$@" \
		>"$BATS_TEST_TMPDIR/bench.stdout" 2>"$BATS_TEST_TMPDIR/bench.stderr" || status=$?
	take output lines "$BATS_TEST_TMPDIR/bench.stdout"
	take stderr stderr_lines "$BATS_TEST_TMPDIR/bench.stderr"
}
