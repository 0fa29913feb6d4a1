# SPDX-License-Identifier: GPL-2.0-or-later
# check on files that are wrong: each bad file with exactly the words beside it, and input that is meant to hurt.

load cli

@test "check: every bad file is refused with its expected words, exit 2, and nothing on stdout" {
	cd "$ROOT/tests/fixtures/scenarios/bad"
	local count=0 wrong=0 expected words
	for file in *.yaml; do
		bench check "$file"
		take expected words "${file%.yaml}.expected"
		count=$((count + 1))
		if [ "$status" -ne 2 ] || [ -n "$output" ] || [ "$stderr" != "$expected" ]; then
			wrong=$((wrong + 1))
			printf '%s: exit %s\n%s\n' "$file" "$status" "$stderr" >&2
			diff <(cat "${file%.yaml}.expected") <(printf '%s\n' "$stderr") >&2 || true
		fi
	done
	[ "$count" -ge 45 ]
	[ "$wrong" -eq 0 ]
}

@test "check: several files, the errors of all and the worst exit code" {
	cd "$ROOT/tests/fixtures/scenarios"
	bench check good/parent.yaml bad/unknown-key.yaml bad/unit-wrong-size.yaml
	exits 2
	stdout_has 'good/parent.yaml: good'
	stderr_has "did you mean 'seed'?"
	stderr_has 'use MiB, not MB'
}

@test "run: a bad scenario leaves no result folder" {
	bench run "$ROOT/tests/fixtures/scenarios/bad/unit-wrong-size.yaml" -o result
	exits 2
	stderr_has 'use MiB, not MB'
	[ ! -e result ]
}

@test "check: files that are none" {
	bench check absent.yaml
	exits 2
	stderr_has 'absent.yaml: error: cannot read it: No such file or directory'
	mkdir folder
	bench check folder
	exits 2
	stderr_has 'folder: error: cannot read it: a folder, not a scenario file'
	: >nothing.yaml
	bench check nothing.yaml
	exits 2
	stderr_has 'nothing.yaml: error: holds no scenario: it is empty'
	if [ "$(id -u)" -ne 0 ]; then
		touch secret.yaml
		chmod 000 secret.yaml
		bench check secret.yaml
		exits 2
		stderr_has 'Permission denied'
	fi
}

@test "check: two mebibytes of YAML, a bomb, and nesting, each refused in one sentence within a second" {
	yes 'x-key: value' | head -c 2097152 >large.yaml
	{
		echo 'x-0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'
		for i in $(seq 1 40); do
			a="*a$((i - 1))"
			echo "x-$i: &a$i [$a, $a, $a, $a, $a, $a, $a, $a, $a, $a]"
		done
	} >bomb.yaml
	head -c 500000 /dev/zero | tr '\0' '[' >deep.yaml
	head -c 100000 /dev/zero >zeros.yaml
	for file in large bomb deep zeros; do
		run --separate-stderr timeout 5 "$BENCH" check $file.yaml
		exits 2
		[ "$(grep -c 'error:' <<<"$stderr")" -eq 1 ]
		[ "${#stderr}" -lt 400 ]
	done
}

@test "check: -D is checked like the file and is the place of its errors" {
	bench check "$TINY" -D machine.block_size=2GB
	exits 2
	[ "$stderr" = "-D machine.block_size=2GB: error: block_size: '2GB': use GiB, not GB" ]
	bench check "$TINY" -D machine.blok_size=2GiB
	exits 2
	stderr_has "did you mean 'block_size'?"
}

@test "check: what a run needs, as text and as JSON" {
	bench check "$ROOT/bench/scenarios/chain-types.yaml"
	exits 0
	stdout_has 'chain=rwlock'
	bench check --format json "$ROOT/bench/scenarios/chain-types.yaml"
	exits 0
	[ "$(jq -r '.schema' <<<"$output")" = memhp-bench/check ]
	[ "$(jq -r '.scenarios[0].cells | length' <<<"$output")" = 4 ]
	[ "$(jq -r '.scenarios[0].cells[0].memory_bytes > 0' <<<"$output")" = true ]
}

@test "check: a run that would need more than limits.max_rss is refused" {
	bench check "$TINY" -D limits.max_rss=1MiB
	exits 2
	stderr_has 'limits.max_rss: the run will need about'
}

@test "check --gate: what could never fire is refused, what can is listed" {
	bench check --gate "$ROOT/bench/scenarios/first-run.yaml"
	exits 2
	stderr_has "the scenario has no section 'gate'"
	bench check --gate "$ROOT/bench/scenarios/chain-latency.yaml"
	exits 0
	stdout_has 'steady/response.p99 in steady: may be 10% worse'
	bench check --gate "$ROOT/bench/scenarios/chain-latency.yaml" -D 'gate.metrics={storm/response.p50: {}}'
	exits 2
	stderr_has "phase 'storm' is bounded by 'for': write 'ops: 10000'"
}

@test "check: options that would have no effect are refused" {
	bench check "$TINY" -o here
	exits 2
	stderr_has 'no effect'
	[ ! -e here ]
}

@test "check: every scenario that is shipped is good, and opens with a question" {
	for file in "$ROOT"/bench/scenarios/*.yaml; do
		bench check "$file"
		exits 0
		grep -q '^# Question: ' "$file"
	done
}

@test "init: each starter is good; an unknown one is refused; a file is not written over" {
	for question in default chain veto churn; do
		"$BENCH" init $question >$question.yaml
		bench check $question.yaml
		exits 0
	done
	bench init chian
	exits 2
	stderr_has "did you mean 'chain'?"
	bench init veto -o veto.yaml
	exits 2
	stderr_has 'exists already'
	bench init veto -o new.yaml
	exits 0
	cmp veto.yaml new.yaml
}

@test "describe: the JSON Schema takes the scenarios that are shipped" {
	bench describe scenario --format json-schema
	exits 0
	jq -e '.properties.machine.properties.block_size.default == "128MiB"' <<<"$output"
	python3 -c 'import jsonschema, yaml' 2>/dev/null || skip 'python3-jsonschema or python3-yaml is not installed'
	printf '%s' "$output" >schema.json
	python3 -c '
import json, sys, yaml, jsonschema
schema = json.load(open("schema.json"))
for file in sys.argv[1:]:
    print(file)
    jsonschema.validate(yaml.safe_load(open(file)), schema)' "$ROOT"/bench/scenarios/*.yaml
}
