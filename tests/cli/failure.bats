# SPDX-License-Identifier: GPL-2.0-or-later
# What stands on stdout when a run is incorrect: the operation, its events, and the line that repeats it.

load cli

# unmet ARGUMENT…: a veto that is expected to be ignored, which no kernel does.
unmet()
{
	bench run "$TINY" -D phases.steady.ops=50 -D \
		'faults=[{name: veto, kind: notifier-veto, where: {callback: low}, trigger: {nth: 7}, expect: ignored}]' "$@"
	exits 3
}

@test "failure: an unmet expectation tells the operation, its events and how to repeat it" {
	unmet -o result
	stdout_has 'expect/veto at operation 6:'
	stdout_has 'operation 6: offline block 3 of node 0, zone '
	stdout_has 'MEM_GOING_OFFLINE: high OK, low BAD'
	stdout_has 'MEM_CANCEL_OFFLINE: high OK, low OK'
	stdout_has 'repeat: '
	jq -e '.verify.violations[0] | .seq == 6 and (.detail | test("MEM_CANCEL_OFFLINE: high OK, low OK"))' \
		result/cells/main/run-001/run.json
}

@test "failure: of several runs each that is incorrect is told, with its line" {
	unmet -o result --runs 2
	[ "$(grep -c 'MEM_GOING_OFFLINE: high OK, low BAD' <<<"$output")" -eq 2 ]
	[ "$(grep -c '  repeat: ' <<<"$output")" -eq 2 ]
}
