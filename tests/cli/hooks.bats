# SPDX-License-Identifier: GPL-2.0-or-later
# What a build says of its hook points; with MEMHP_BENCH of build/nohooks, what one without them refuses.

load cli

hooks()
{
	"$BENCH" version --json | jq .hooks
}

@test "hooks: version and run.json say the same" {
	bench run "$TINY" -o result
	exits 0
	[ "$(jq .binary.hooks result/cells/main/run-001/run.json)" = "$(hooks)" ]
}

@test "hooks: without them a fault is refused with exit 6, and a result says what it is" {
	[ "$(hooks)" = false ] || skip "this build has hooks"
	cat "$TINY" >one.yaml
	printf 'faults:\n  - {name: f, kind: notifier-veto}\n' >>one.yaml
	bench run one.yaml -o refused
	exits 6
	stderr_has 'was built without hooks'
	bench run "$TINY" -o result
	exits 0
	jq -e '.warnings | any(test("built without hooks"))' result/cells/main/run-001/run.json
}

@test "hooks: without them a contract check is refused with exit 6" {
	[ "$(hooks)" = false ] || skip "this build has hooks"
	bench module "$MODULES/hello.so" --check
	exits 6
	stderr_has "built without hooks"
}
