# SPDX-License-Identifier: GPL-2.0-or-later
# Each exported format read by the tool that people use for it.

load ../cli/cli

JAR=/usr/share/java/hdrhistogram.jar
COMPARE=/usr/share/benchmark/compare.py
PYTHON=/usr/bin/python3 # the system's, which has the packages

need()
{
	command -v "$1" >/dev/null || skip "$1 is not there: apt-get install $2"
}

need_java()
{
	need java default-jre-headless
	[ -e "$JAR" ] || skip "$JAR is not there: apt-get install libhdrhistogram-java"
}

# HistogramLogProcessor's table of tag $2 of log $1, in ns.
java_table()
{
	java -cp "$JAR" org.HdrHistogram.HistogramLogProcessor -i "$1" -tag "$2" -outputValueUnitRatio 1 |
		sed -n '/Value  /,$p'
}

# The tables agree: values and counts exactly, and what is a fraction but for how its last digit is rounded.
same_table()
{
	[ "$(wc -l <"$1")" -eq "$(wc -l <"$2")" ]
	paste -d '|' "$1" "$2" | tr '=,]' '   ' | awk -F '|' '
		function near(a, b, by) { return a - b <= by && b - a <= by }
		{ split($1, a, " "); split($2, b, " ") }
		/^ *[0-9]/ { same = a[1] == b[1] && near(a[2], b[2], 1.1e-12) && a[3] == b[3] && near(a[4], b[4], 0.011) }
		/^#.Mean/ { same = near(a[2], b[2], 0.0011) && near(a[4], b[4], 0.0011) }
		!/^ *[0-9]/ && !/^#.Mean/ { same = $1 == $2 }
		!same { print; differs = 1 }
		END { exit differs }'
}

@test "hgrm is the table that the Java library makes of the same values" {
	need_java
	"$BENCH" run "$TINY" -o out -q 2>/dev/null
	for series in steady/response steady/walk steady/lock; do
		bench export out --format hgrm --unit ns --series $series -o ours.hgrm
		exits 0
		java_table out/cells/main/run-001/run.hlog $series >java.hgrm
		same_table ours.hgrm java.hgrm
	done
	[ "$(wc -l <java.hgrm)" -gt 10 ]
}

@test "hlog of several runs is read by HistogramLogProcessor, and adds up to what hgrm says" {
	need_java
	"$BENCH" run "$TINY" --runs 3 -o out -q 2>/dev/null
	bench export out --format hlog -o all.hlog
	exits 0
	bench export out --format hgrm --unit ns -o ours.hgrm
	java_table all.hlog steady/response >java.hgrm
	same_table ours.hgrm java.hgrm
	grep -q 'Total count    =         6000' java.hgrm
}

@test "gbench is read by compare.py, which finds the change that was made" {
	[ -e "$COMPARE" ] || skip "$COMPARE is not there: apt-get install libbenchmark-tools"
	"$PYTHON" -c 'import scipy' || skip "scipy is not there: apt-get install python3-scipy"
	"$BENCH" run "$TINY" --runs 9 -o out -q 2>/dev/null
	bench export out --format gbench -o base.json
	exits 0
	jq '.benchmarks[].real_time *= 2' base.json >slower.json
	run "$PYTHON" "$COMPARE" --no-color -d diff.json benchmarks base.json slower.json
	[ "$status" -eq 0 ]
	[[ $output == *"tiny/main/steady/response"*"+1.0000"* ]]
	[[ $output == *"U Test, Repetitions: 9 vs 9"* ]]
	jq -e '[.[] | select(.run_type == "iteration")] | length == 1 and (.[0].measurements | length == 9)' diff.json
}

# Suites and cases of an XML file: what each says of itself and what is in it.
counts_add_up()
{
	local suite

	xmllint --noout "$1"
	for counted in tests:testcase failures:testcase/failure errors:testcase/error skipped:testcase/skipped; do
		[ "$(xmllint --xpath "string(/testsuites/@${counted%:*})" "$1")" -eq \
			"$(xmllint --xpath "count(//${counted#*:})" "$1")" ]
		for suite in $(seq "$(xmllint --xpath 'count(//testsuite)' "$1")"); do
			[ "$(xmllint --xpath "string(//testsuite[$suite]/@${counted%:*})" "$1")" -eq \
				"$(xmllint --xpath "count(//testsuite[$suite]/${counted#*:})" "$1")" ]
		done
	done
	[ "$(xmllint --xpath 'count(//testcase[count(failure | error | skipped) > 1])' "$1")" -eq 0 ]
}

@test "junit is well-formed, keeps to the schema, and its counts add up" {
	need xmllint libxml2-utils
	sed 's/^chain:/&\n  type: "${sweep.type}"/' "$TINY" >sweep.yaml
	printf 'sweep:\n  params:\n    type: [rcu-array, mutex]\nruns: 2\n' >>sweep.yaml
	printf 'slo: [{expr: "steady/response.p50 < 1ns"}, {expr: "steady/response.p50 < 1h"}]\n' >>sweep.yaml
	"$BENCH" run sweep.yaml -o out -q 2>/dev/null || true
	rm "$(find out -name run.json | head -n 1)"
	bench export out --format junit -o out.xml
	exits 0
	counts_add_up out.xml
	[ "$(xmllint --xpath 'string(/testsuites/@failures)' out.xml)" -eq 3 ]
	[ "$(xmllint --xpath 'string(/testsuites/@errors)' out.xml)" -eq 1 ]
	xmllint --noout --schema "$ROOT/tests/interop/junit.xsd" out.xml
	# The schema can refuse.
	sed 's/<testcase /<testcas /; s/<.testcase>/<\/testcas>/' out.xml >broken.xml
	run xmllint --noout --schema "$ROOT/tests/interop/junit.xsd" broken.xml
	[ "$status" -ne 0 ]
}

@test "junit survives names and details that mean something to XML" {
	need xmllint libxml2-utils
	"$BENCH" run "$TINY" -o out -q 2>/dev/null
	file=out/cells/main/run-001/run.json
	jq '.status = "incorrect" | .verify.violation_count = 1 | .verify.violations = [{invariant: "<I&\"05\u0007\u001b[31m>",
		seq: 7, detail: "]]> <!-- & \ufffe\n\u0000"}]' "$file" | sed 's/\\u0000//' >edited
	mv edited "$file"
	bench export out --format junit -o out.xml
	exits 0
	counts_add_up out.xml
	[ "$(xmllint --xpath 'string(//error/@message)' out.xml)" = '<I&"05[31m> is violated at operation 7' ]
}

@test "trace is JSON whose slices nest on each track" {
	cat >trace.yaml <<-YAML
		$(cat "$TINY")
		faults:
		  - {name: slow, kind: notifier-delay, delay: 20us, where: {callback: low}, trigger: {every: 7}}
		record: {exemplars: 20, stamps: pair}
	YAML
	bench run trace.yaml -o out -q
	exits 0
	bench export out --format trace -o trace.json
	exits 0
	"$PYTHON" - trace.json <<-'PYTHON'
		import collections, decimal, json, sys
		events = json.load(open(sys.argv[1]), parse_float=decimal.Decimal)["traceEvents"]
		tracks = collections.defaultdict(list)
		for event in events:
		    if event["ph"] == "X":
		        tracks[event["pid"], event["tid"]].append(event)
		assert any(event["cat"] == "listener" for track in tracks.values() for event in track)
		for track in tracks.values():
		    track.sort(key=lambda event: (event["ts"], -event["dur"]))
		    open_until = []
		    for event in track:
		        end = event["ts"] + event["dur"]
		        while open_until and open_until[-1] <= event["ts"]:
		            open_until.pop()
		        assert not open_until or end <= open_until[-1], event
		        open_until.append(end)
	PYTHON
}

@test "csv is read by a reader of CSV, with as many cells a row as names" {
	"$BENCH" run "$TINY" --runs 2 -o out -q 2>/dev/null
	bench export out --format csv -o out.csv
	"$PYTHON" - out.csv <<-'PYTHON'
		import csv, sys
		rows = list(csv.DictReader(open(sys.argv[1], newline=""), strict=True))
		assert all(None not in row and None not in row.values() for row in rows)
		response = [row for row in rows if row["series"] == "response"]
		assert [row["count"] for row in response] == ["2000", "2000"], response
		assert all(int(row["p50_ns"]) <= int(row["p99_ns"]) <= int(row["max_ns"]) for row in response)
	PYTHON
}
