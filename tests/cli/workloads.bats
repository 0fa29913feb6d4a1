# SPDX-License-Identifier: GPL-2.0-or-later
# Every kind of workload of the language, its names written out here: listed, described, run, and recorded.

load cli

KINDS='hotplug-cycle hotplug-storm alloc-churn alloc-burst alloc-fill page-pin page-walk chain-call chain-churn rcu-reader
mem-reader null'

@test "workloads: list names every kind and no other" {
	bench list --format json
	exits 0
	[ "$(jq -r '.workloads[].name' <<<"$output" | sort | xargs)" = "$(xargs -n1 <<<"$KINDS" | sort | xargs)" ]
}

@test "workloads: describe explains every kind" {
	for kind in $KINDS; do
		bench describe "$kind"
		exits 0
		stdout_has "$kind"
	done
}

@test "workloads: every kind runs and its series stand in run.json" {
	{
		printf '%s\n' 'name: kinds' 'seed: 1' \
			"machine: {topology: 'pack:2 [numa(memory=128MiB)] core:1 pu:1', block_size: 16MiB}" 'workloads:'
		for kind in $KINDS; do
			printf '  - {name: %s, kind: "%s"}\n' "$kind" "$kind"
		done
		printf '%s\n' 'phases: [{name: steady, role: measure, for: 3s}]'
	} > kinds.yaml
	bench run kinds.yaml -o out
	exits 0
	local json
	json=$(echo out/cells/*/run-001/run.json)
	for kind in $KINDS; do
		jq -e --arg k "$kind" '.phases[0].workloads[] | select(.name == $k) | .ops.ok > 0' "$json" >/dev/null ||
			{ echo "$kind: nothing done" >&2; return 1; }
		case $kind in
		hotplug-*) tag=steady/service ;; # the headline: both together
		*) tag=steady/$kind.service ;;
		esac
		jq -e --arg t "$tag" 'any(.series[]; .tag == $t and .count > 0)' "$json" >/dev/null ||
			{ echo "$kind: no series $tag" >&2; return 1; }
	done
}
