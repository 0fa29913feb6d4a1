# SPDX-License-Identifier: GPL-2.0-or-later
# What is common to all commands: help, usage errors, where words go.

load cli

COMMANDS='run check init doctor list describe topology show version'

@test "every command has a help that fits one screen" {
	for command in $COMMANDS; do
		bench $command --help
		exits 0
		stdout_has "$command"
		[ "$(wc -l <<<"$output")" -le 40 ] || { echo "$command --help: $(wc -l <<<"$output") lines" >&2; return 1; }
		[ "$(awk '{ if (length > longest) longest = length } END { print longest }' <<<"$output")" -le 100 ]
		[ -z "$stderr" ]
	done
}

@test "the program's own help names every command" {
	bench --help
	exits 0
	for command in $COMMANDS; do
		stdout_has "$command"
	done
	[ "$(wc -l <<<"$output")" -le 40 ]
}

@test "no command: usage on stderr, exit 2" {
	bench
	exits 2
	[ -z "$output" ]
	stderr_has help
}

@test "an unknown command is refused with the nearest one" {
	bench chekc
	exits 2
	[ -z "$output" ]
	stderr_has "'chekc'"
	stderr_has "did you mean 'check'?"
}

@test "commands of later versions are unknown" {
	for command in compare gate ab replay shrink trend; do
		bench $command
		exits 2
	done
}

@test "an unknown option is refused by every command" {
	for command in $COMMANDS; do
		bench $command --no-such-option
		exits 2
		stderr_has no-such-option
		[ -z "$output" ]
	done
}

@test "an argument too many is refused, not ignored" {
	for command in doctor version; do
		bench $command superfluous
		exits 2
		stderr_has superfluous
	done
}

@test "version: text and JSON" {
	bench version
	exits 0
	stdout_has memhp-bench
	bench version --format json
	exits 0
	jq -e '.schema | startswith("memhp-bench/")' <<<"$output"
}

@test "list names every fault, workload and chain of this version" {
	bench list
	exits 0
	for name in notifier-veto notifier-stop notifier-errno notifier-delay hotplug-cycle alloc-churn chain-churn null \
		rcu-array rcu-list rwlock mutex going_online cancel_offline I05; do
		stdout_has "$name"
	done
}

@test "describe tells parameters, units and defaults" {
	bench describe notifier-delay
	exits 0
	stdout_has delay
	bench describe hotplug-cycle
	exits 0
	stdout_has order
	stdout_has round-robin
	bench describe scenario
	exits 0
	stdout_has block_size
	stdout_has 128MiB
}

@test "describe: a misspelt name gets the nearest one" {
	bench describe notifer-veto
	exits 2
	stderr_has "did you mean 'notifier-veto'?"
	bench describe
	exits 2
}

@test "list tells of every invariant when it is checked" {
	bench list invariants
	exits 0
	[ "$(grep -cE '^  I[0-4][0-9] .*\(checked: (inline|phase end|full)\)$' <<<"$output")" -eq 40 ]
}

@test "describe knows every name that list shows" {
	bench list --format json
	exits 0
	names=$(jq -r '[.. | objects | .name? // empty] | unique | .[]' <<<"$output")
	[ -n "$names" ]
	for name in $names; do
		bench describe "$name"
		exits 0
	done
}

@test "doctor says what this machine can measure" {
	bench doctor
	exits 0
	stdout_has clock
	bench doctor --format json
	exits 0
	jq -e . <<<"$output" >/dev/null
}

@test "init writes a starter that check accepts" {
	"$BENCH" init >starter.yaml
	head -n 3 starter.yaml | grep -q '^#'
	bench check starter.yaml
	exits 0
}

@test "stdout that cannot be written is an error, not silence" {
	[ -e /dev/full ] || skip "no /dev/full"
	run bash -c "'$BENCH' list >/dev/full"
	[ "$status" -ne 0 ]
}

@test "list names every kind of count that a run leaves" {
	bench run "$TINY" --module "$MODULES/hello.so" -o result
	exits 0
	bench list counts --format json
	exits 0
	jq -e --slurpfile run result/cells/main/run-001/run.json '
		[.counts[].name] as $known
		| [$run[0].counts[].name | select(startswith("init/") or startswith("exit/") | not) | split("/")[1]] | unique
		| length > 3 and all(. as $kind | $known | index($kind))' <<<"$output"
}
