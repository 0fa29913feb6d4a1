# SPDX-License-Identifier: GPL-2.0-or-later
# compare: two result folders, what they differ in, and what cannot be compared.

load cli
load gated

two_folders()
{
	gated
	for side in base candidate; do
		bench run gated.yaml -o $side "$@"
		exits 0
	done
}

# change JQ: both of the candidate's run.json, edited
change()
{
	for file in candidate/cells/main/run-*/run.json; do
		jq -c "$1" "$file" >edited
		mv edited "$file"
	done
}

@test "compare: one run a side shows the difference and says that it is no verdict" {
	two_folders
	bench compare base candidate
	exits 0
	verdict compared 0
	stdout_has 'COMPARED: '
	stdout_has 'one run a side: a difference, and no verdict'
	stdout_has 'unpaired: drift'
	bench compare base candidate --format json
	exits 0
	jq -e '.verdict == "NONE"' <<<"$output"
}

@test "compare: exit 0 whatever it finds" {
	two_folders
	change '.counts[0].value += 1'
	bench compare base candidate
	exits 0
	bench gate base candidate --counts
	exits 1
}

@test "compare: aborted, missing and broken runs are left out and named" {
	two_folders --runs 3
	jq -c '.status = "aborted" | .status_reasons = ["ended by SIGTERM"]' candidate/cells/main/run-001/run.json >edited
	mv edited candidate/cells/main/run-001/run.json
	echo '{' >candidate/cells/main/run-002/run.json
	bench compare base candidate
	exits 0
	stdout_has 'candidate/main/run-001: ended by SIGTERM'
	stdout_has 'candidate/main/run-002: '
	rm candidate/cells/main/run-003/run.json
	bench compare base candidate
	exits 5
	stderr_has "'candidate' has no run that can be compared"
}

@test "compare: another environment, another precision, a rehearsal: 5, by name" {
	two_folders
	cp -r candidate kept
	change '.env.cpu_model = "another"'
	bench compare base candidate
	exits 5
	verdict not-comparable 5
	stderr_has 'cpu_model is '
	rm -r candidate
	cp -r kept candidate
	change '.time_scale = 0.5'
	bench compare base candidate
	exits 5
	stderr_has '--time-scale 0.5'
	rm -r candidate
	bench run gated.yaml -D record.digits=2 -o candidate
	bench compare base candidate
	exits 5
	stderr_has 'they differ in: record'
	bench compare base candidate --across
	exits 5
	stderr_has 'another precision'
}

@test "compare: another scenario only by --across, and then what both have" {
	two_folders
	bench run "$TINY" -o tiny
	bench compare base tiny
	exits 5
	bench compare base tiny --across
	exits 0
	stdout_has 'across scenarios: '
	stdout_has 'different scenarios'
}

@test "compare: other seeds: exact counts are not compared; a gate refuses them" {
	two_folders
	rm -r candidate
	bench run gated.yaml --seed 7 -o candidate
	bench compare base candidate
	exits 0
	stdout_has 'different seeds: exact counts are not compared'
	bench gate base candidate
	exits 5
	stderr_has 'different seeds'
}

@test "compare: what is no result folder is exit 2" {
	two_folders
	for other in absent . gated.yaml; do
		bench compare base $other
		exits 2
		verdict refused 2
	done
	bench compare base
	exits 2
	bench compare base base base
	exits 2
}
