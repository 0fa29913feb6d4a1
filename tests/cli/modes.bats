# SPDX-License-Identifier: GPL-2.0-or-later
# record.stamps, record.sample and record.hw: what is timed, what that costs, and that all else stays whole.

load cli

RUN=result/cells/main/run-001/run.json

# mode VALUE…: tiny.yaml with -D record.VALUE each; its counts are left in `counts`.
mode()
{
	local set=() value

	for value in "$@"; do
		set+=(-D "record.$value")
	done
	rm -rf result
	bench run "$TINY" "${set[@]}" -o result
	exits 0
	jq -c '[.counts[] | select(.inexact == null)], .verify.checked, [.phases[].workloads[].ops]' $RUN >counts
}

@test "modes: every mode counts and checks the same" {
	mode stamps=event
	cp counts all
	for set in stamps=none stamps=op stamps=pair sample=7 sample=1000000; do
		mode "$set"
		diff all counts
	done
}

@test "modes: the cost of each is measured on the spot and printed" {
	for set in op event pair; do
		mode stamps=$set
		stdout_has "stamps: $set, about "
		jq -e --arg stamps $set '.overheads | .stamps == $stamps and .sample == 1 and .stamps_ns > 0' $RUN
		grep -qF "stamps: $set, about " result/report.txt
	done
	mode sample=50
	stdout_has 'stamps: event, of one operation in 50, about '
	mode stamps=none
	stdout_has 'stamps: none'
	jq -e '.overheads | .stamps == "none" and .stamps_ns == 0' $RUN
}

@test "modes: without stamps there is no series, and a threshold on one is refused" {
	mode stamps=none
	jq -e '.series == [] and .exemplars == [] and .phases[0].workloads[0].achieved_rate > 0' $RUN
	bench check "$TINY" -D record.stamps=none -D 'slo=[{expr: "steady/service.p99 < 1s"}]'
	exits 2
	stderr_has "'record.stamps' must be op, event or pair for 'service'"
	bench check "$TINY" -D record.stamps=none -D record.sample=2
	exits 2
	stderr_has "sample: one operation in so many is timed, but record.stamps: none times no operation"
}

@test "modes: the CPU's counters are numbers or not available, never 0" {
	mode hw=true
	jq -e '.phases[].workloads[].hw | length == 4 and all(.[]; . == null or . > 0)' $RUN
	stdout_has ', an operation: instructions '
	bench show result
	stdout_has 'an operation: instructions '
	bench report result -o page.html
	exits 0
	grep -q 'An operation of .*: instructions ' page.html
	mode hw=false
	jq -e 'all(.phases[].workloads[]; has("hw") | not)' $RUN
}
