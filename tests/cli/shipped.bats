# SPDX-License-Identifier: GPL-2.0-or-later
# Every scenario that is shipped is run, however many there are, on a small part of its time.

load cli

# Thresholds are for whole runs on a quiet host.
options()
{
	echo -D 'slo=[]' -D limits.max_dropped=100%
	case $1 in
	# It paces itself: 20000 operations are 10 s, and to converge takes its time, whatever the scale.
	chain-latency) echo -D phases.steady.ops=1000 -D faults.enomem.optional=true -D phases.heal.max=200s ;;
	esac
}

@test "scenarios: each that is shipped runs, and ends correct" {
	for file in "$ROOT"/bench/scenarios/*.yaml; do
		name=$(basename "$file" .yaml)
		# shellcheck disable=SC2046
		bench run "$file" --time-scale 0.05 $(options "$name") -o "$name"
		[ "$status" -eq 0 ] || { printf '%s: exit %s\n%s\n%s\n' "$name" "$status" "$output" "$stderr" >&2; return 1; }
		rm -r "$name"
	done
}

@test "scenarios: each opens with its question and what to look at, has a fixed seed, and docs/scenarios.md names it" {
	for file in "$ROOT"/bench/scenarios/*.yaml; do
		name=$(basename "$file" .yaml)
		grep -q '^# Question: ' "$file"
		grep -qi 'look at' "$file" || { echo "$name does not say what to look at" >&2; return 1; }
		grep -qx "name: $name" "$file"
		grep -q '^seed: 0x' "$file"
		grep -q "^| \[$name\](../bench/scenarios/$name.yaml) |" "$ROOT/docs/scenarios.md" ||
			{ echo "docs/scenarios.md does not name $name" >&2; return 1; }
	done
}
