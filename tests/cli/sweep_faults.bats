# SPDX-License-Identifier: GPL-2.0-or-later
# sweep-faults SCENARIO: one run per fault site.

load cli

faults()
{
	sed 's/ops: 2000/for: 60s/' "$TINY" >swept.yaml
	cat >>swept.yaml <<-'END'
		faults:
		  - {name: veto, kind: notifier-veto, trigger: {probability: 1%}, expect: rollback}
		  - {name: late, kind: notifier-delay, delay: 10us, where: {callback: low}, expect: slower}
	END
}

@test "sweep-faults: every site of every fault has a run in which it alone fires" {
	faults
	bench sweep-faults swept.yaml -o result
	exits 0
	stdout_has 'HELD: 8 of 8 fault sites hit, 0 broke'
	stderr_has 'sweep-faults: 8 of 8: late at offline of low'
	[ "$(ls result/cells/main | wc -l)" -eq 9 ]
	for run in 002 005 009; do
		jq -e '[.faults[].fired] == [1, 0] or [.faults[].fired] == [0, 1]' result/cells/main/run-$run/run.json
	done
	jq -e '.present == 8 and .hit == 8 and (.sites | map([.fault, .event, .listener] | join(" ")) | unique | length) == 8' \
		result/sites.json
}

@test "sweep-faults: what breaks is told with its sentence, and its repro line breaks again" {
	faults
	bench sweep-faults swept.yaml -o result -D faults.veto.expect=ignored
	exits 3
	stdout_has 'BROKEN: 8 of 8 fault sites hit, 4 broke'
	stdout_has "fault 'veto' expects 'ignored': "
	stdout_has '  repeat: '
	repro=$(sed -n 's/^  repeat: //p' <<<"$output" | sed -n 2p)
	run --separate-stderr bash -c "$repro"
	exits 3
}

@test "sweep-faults: the same twice" {
	faults
	for n in 1 2; do
		bench sweep-faults swept.yaml -o result$n
		exits 0
	done
	cmp <(jq 'del(.sites[].repro)' result1/sites.json) <(jq 'del(.sites[].repro)' result2/sites.json)
}

@test "sweep-faults: trigger.nth: sweep marks, the other faults stay as they are" {
	faults
	bench sweep-faults swept.yaml -o result -D 'faults.late.trigger={nth: sweep}' -D 'faults.veto.trigger={every: 10}'
	exits 0
	stdout_has 'HELD: 5 of 5 fault sites hit'
	jq -e '.faults[0].fired > 10 and .faults[1].fired == 1' result/cells/main/run-002/run.json
}

@test "sweep-faults: --max-sites tells what it leaves out; one JSON document" {
	faults
	bench sweep-faults swept.yaml -o result --max-sites 2 --format json
	exits 0
	jq -e '.present == 8 and .hit == 2 and .left_out == 6 and (.sites | length) == 8' <<<"$output"
	grep -q '2 of 8 fault sites hit, 0 broke, 6 left out (--max-sites 2)' result/report.txt
}

@test "sweep-faults: a module that hangs is a site that broke, and the sweep goes on" {
	faults
	gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" \
		"$ROOT/tests/fixtures/modules/hangs_refused.c" -o hangs_refused.so
	bench sweep-faults swept.yaml -o result --module ./hangs_refused.so --max-sites 5 -D verify.hang_after=300ms \
		-D verify.deadline=100ms -D 'faults.late.trigger={probability: 1%}' -D 'faults.veto.trigger={nth: sweep}'
	exits 3
	stdout_has 'BROKE: veto at going_online of '
	stdout_has 'has not come back after verify.hang_after'
	stdout_has 'held'
}

@test "sweep-faults: no site at all is exit 4" {
	faults
	# Where nothing fails nothing is retried.
	bench sweep-faults swept.yaml -o result -D 'faults.late.where={callback: low, attempt: retry}' \
		-D 'faults.late.optional=true' -D 'faults.veto.where={attempt: retry}'
	exits 4
	stdout_has '0 of 0 fault sites hit'
	stdout_has 'No swept fault was asked anywhere'
}

@test "sweep-faults: what cannot be swept is refused with exit 2" {
	bench sweep-faults "$TINY"
	exits 2
	stderr_has 'has no fault: there is nothing to sweep'
	faults
	bench sweep-faults swept.yaml -D 'machine.block_size=${sweep.size}' -D 'sweep={params: {size: [128MiB, 256MiB]}}'
	exits 2
	stderr_has 'has 2 cells'
	bench sweep-faults swept.yaml --max-sites 0
	exits 2
	bench sweep-faults absent.yaml
	exits 2
	bench sweep-faults
	exits 2
}

@test "run --ops: bounds phases by operations, and stands in the repro line" {
	faults
	bench run swept.yaml --ops 300 -o result
	jq -e '[.phases[].workloads[].ops | add] == [300]' result/cells/main/run-001/run.json
	stderr_has '--ops 300'
}
