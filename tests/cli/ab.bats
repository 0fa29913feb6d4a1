# SPDX-License-Identifier: GPL-2.0-or-later
# ab: two sides in turn, and what they differ in; calibrate: the same build on both.

load cli
load gated

@test "ab: two scenario files are two sides; seed and gate are the first's" {
	gated
	sed 's/priority: -1/priority: -2/; s/^seed: .*/seed: 7/; s/name: gated/name: other/' gated.yaml >other.yaml
	bench ab gated.yaml other.yaml --pairs 2 -o out
	exits 0
	verdict compared 0
	stderr_has 'A: gated.yaml; B: other.yaml'
	stdout_has 'they differ in: chain'
	jq -e '.seed == "0x5eed"' out/b/cells/main/run-001/run.json
	bench ab gated.yaml other.yaml --pairs 2 --seed 3 --format json -o json
	exits 0
	jq -e '.schema == "memhp-bench/gate"' <<<"$output"
	stderr_has '--seed 0x3'
}

@test "ab: sides that do not do the same are not compared" {
	gated
	for set in phases.steady.ops=10 gate.pairs=9; do
		bench ab gated.yaml --b set:$set -o out
		exits 5
		verdict not-comparable 5
		stderr_has 'the sides differ in `'
	done
	bench ab gated.yaml --b set:chain.type=rwlock --time-scale 0.5 -o out
	exits 5
	[ ! -e out ]
}

@test "ab: another build is a side; what is none, or speaks another format, is refused" {
	gated
	cp "$BENCH" other
	bench ab gated.yaml --b ./other --pairs 1 -o out
	exits 0
	stderr_has 'B: program ./other (memhp-bench '
	jq -e '.pair.side == "B"' out/b/cells/main/run-001/run.json
	bench ab gated.yaml --b /bin/true -o none
	exits 2
	stderr_has "'/bin/true' is no memhp-bench"
	printf '#!/bin/sh\necho %s\n' "'{\"schema\": \"memhp-bench/version\", \"schema_version\": 2}'" >later
	chmod +x later
	bench ab gated.yaml --b ./later -o none
	exits 5
	stderr_has 'speaks version 2 of our formats'
	[ ! -e none ]
}

@test "ab: all cells of a sweep are run within each pair" {
	gated
	sed -i 's/priority: -1/priority: "${sweep.p}"/' gated.yaml
	echo 'sweep: {params: {p: [1, 2]}}' >>gated.yaml
	bench ab gated.yaml --b set:chain.type=rwlock --pairs 2 -o out
	exits 0
	jq -e '[.pairs[] | select(.discarded == null)] | map(.cell) == ["p=1", "p=2", "p=1", "p=2"]' out/pairs.json
	bench ab gated.yaml --b 'set:sweep.params.p=[1, 3]' --pairs 2 -o other
	exits 5
	stderr_has "has a cell 'p=2'"
}

@test "ab: an output folder that is not empty is left alone: 6" {
	gated
	mkdir out
	echo mine >out/mine
	bench ab gated.yaml --b set:chain.type=rwlock -o out
	exits 6
	[ "$(ls out)" = mine ]
}

@test "calibrate: noise, what the gate can find, and how often it errs; a gate and check take it" {
	gated
	bench calibrate gated.yaml --pairs 12 -o cal
	if [ "$status" -eq 4 ]; then
		stderr_has 'were disturbed'
		skip "this host is too busy"
	fi
	exits 0
	stdout_has 'CALIBRATED: gated, 12 pairs'
	stdout_has 'steady/response.p50'
	jq -e '.schema == "memhp-bench/calibration" and (.metrics | length) == 1' cal/calibration.json
	bench check --gate gated.yaml --calibration cal/calibration.json
	[ "$status" -eq 0 ] || [ "$status" -eq 4 ]
	bench check gated.yaml --calibration cal/calibration.json
	exits 2
	sed 's/name: gated/name: other/' gated.yaml >other.yaml
	bench gate other.yaml --b set:chain.type=rwlock --calibration cal/calibration.json
	exits 5
	stderr_has "calibrated for the scenario 'gated'"
	bench gate gated.yaml --b set:chain.type=rwlock --calibration gated.yaml
	exits 2
}

@test "calibrate: what cannot be calibrated is refused" {
	gated
	bench calibrate gated.yaml --pairs 3
	exits 2
	bench calibrate "$TINY"
	exits 2
	bench calibrate
	exits 2
}
