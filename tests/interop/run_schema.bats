# SPDX-License-Identifier: GPL-2.0-or-later
# run.json held against docs/schema/run.schema.json by python3-jsonschema: every key that is written stands in it.

load ../cli/cli

PYTHON=/usr/bin/python3

setup_file()
{
	/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip "jsonschema is not there: apt-get install python3-jsonschema"
}

# keeps_to_schema RUN.JSON…: also no key beyond the schema's.
keeps_to_schema()
{
	"$PYTHON" - "$ROOT/docs/schema/run.schema.json" "$@" <<-'PYTHON'
		import json, sys, jsonschema
		schema = json.load(open(sys.argv[1]))
		jsonschema.Draft202012Validator.check_schema(schema)
		def close(part):
		    if isinstance(part, dict):
		        if "properties" in part:
		            part.setdefault("additionalProperties", False)
		        for value in part.values():
		            close(value)
		    elif isinstance(part, list):
		        for value in part:
		            close(value)
		close(schema)
		validator = jsonschema.Draft202012Validator(schema)
		bad = 0
		for name in sys.argv[2:]:
		    for error in validator.iter_errors(json.load(open(name))):
		        print(f"{name}: {error.json_path}: {error.message[:300]}")
		        bad = 1
		sys.exit(bad)
	PYTHON
}

@test "run.json of runs with and without faults, thresholds and violations keeps to its schema" {
	cat >rich.yaml <<-YAML
		$(cat "$TINY")
		faults:
		  - {name: slow, kind: notifier-delay, delay: 20us, where: {callback: low}, trigger: {every: 7}}
		record: {exemplars: 20, stamps: pair}
		slo: [{expr: "steady/response.p50 < 1ns"}, {expr: "steady/response.p50 < 1h"}]
	YAML
	"$BENCH" run rich.yaml -o rich -q 2>/dev/null || [ $? -eq 1 ]
	"$BENCH" run "$TINY" -o plain -q 2>/dev/null
	"$BENCH" run "$ROOT/bench/scenarios/broken-on-purpose.yaml" -o broken -q 2>/dev/null || [ $? -eq 3 ]
	"$BENCH" run "$ROOT/examples/bugs/raw_errno.yaml" --module "$MODULES/raw_errno.so" -o violated -q 2>/dev/null || [ $? -eq 3 ]
	"$BENCH" merge plain -o merged -q
	files=$(find rich plain broken violated merged -name run.json)
	[ "$(echo "$files" | wc -l)" -ge 5 ]
	for list in violations expected steps slo faults; do
		cat $files | jq -se --arg list $list '[.. | objects | .[$list]? | arrays | length] | add > 0'
	done
	keeps_to_schema $files
}

@test "the schema can refuse: a key that it does not know, a wrong type, a missing list" {
	"$BENCH" run "$TINY" -o plain -q 2>/dev/null
	file=plain/cells/main/run-001/run.json
	for change in '.unheard_of = 1' '.duration_ns = "long"' 'del(.slo)' '.series[0].digits = 9' '.status = "fine"'; do
		jq "$change" "$file" >changed.json
		run keeps_to_schema changed.json
		[ "$status" -eq 1 ] || { echo "not refused: $change: $output"; false; }
	done
}
