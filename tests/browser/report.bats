# SPDX-License-Identifier: GPL-2.0-or-later
# The HTML report in a real browser. Chromium starts slowly on a busy machine, so that it is started few times, once for
# all of this file: what it finds is kept, and each test asks one thing of it.

load ../cli/cli

CHROMIUM=$(command -v chromium || true)

# browse OUT OPTION… URL: the page's content behind its scripts, and what the console said.
browse()
{
	local out=$1
	shift
	timeout 120 "$CHROMIUM" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
		--user-data-dir="$PWD/profile" --enable-logging=stderr --v=0 --dump-dom "$@" >"$out.dom" 2>"$out.log"
	grep ':CONSOLE' "$out.log" >"$out.console" || true
	[ -s "$out.dom" ]
}

# probe OUT LIST: tests/browser/probe.html over pages; LIST is JSON. What it finds goes to OUT.json.
probe()
{
	browse "$1" --allow-file-access-from-files --window-size=1300,1000 \
		"file://$PWD/probe.html#$(jq -rn --argjson list "$2" '$list | tojson | @uri')" || return 1
	python3 -c '
import html, re, sys
print(html.unescape(re.search(r"<pre id=.findings.>(.*?)</pre>", sys.stdin.read(), re.S).group(1)))' \
		<"$1.dom" >"$1.json"
	jq -e 'length > 0' "$1.json" >/dev/null
}

# Two phases, one of them with faults; intervals enough to be folded.
scenario()
{
	cat <<-YAML
		name: pages
		seed: 0x5eed
		machine: {topology: "pack:2 [numa(memory=1GiB)] core:1 pu:1"}
		chain:
		  notifiers:
		    - {name: high, priority: 100, cost: $1}
		    - {name: low, priority: -1}
		workloads: [{name: toggle, kind: hotplug-cycle, threads: 1}]
		record: {interval: 10ms}
		faults: [{name: late, kind: notifier-delay, phases: [storm], trigger: {probability: 1%}, delay: 2us}]
		phases:
		  - {name: steady, role: measure, for: $2}
		  - {name: storm, role: fault, for: $2}
	YAML
}

make_results()
{
	scenario 100ns 1500ms >one.yaml
	"$BENCH" run one.yaml -o one -q
	scenario 100ns 60ms >base.yaml
	scenario 200ns 60ms >head.yaml
	"$BENCH" run base.yaml --runs 8 -o base -q
	"$BENCH" run head.yaml --runs 8 -o head -q
	{
		sed 's/cost: 100ns/cost: "${sweep.cost}"/' base.yaml
		echo 'sweep: {params: {cost: [100ns, 200ns, 400ns]}}'
	} >sweep.yaml
	"$BENCH" run sweep.yaml -o sweep -q
}

# Names that want to be markup, turn the text around, and end the script element; a log that was cut off.
make_hostile()
{
	local run=hostile/cells/main/run-001

	cp -r one hostile
	python3 - $run/run.json <<-'PYTHON'
		import json, sys

		with open(sys.argv[1], encoding="utf-8") as file:
		    run = json.load(file)
		run["suite"] = "</script><img src=x onerror=alert(1)>\u202e\"quoted\" & \u05de\u05d9\u05dc\u05d4"
		for series in run["series"]:
		    series["tag"] = series["tag"].replace("cb.high", "cb.</script><img/src=x>")
		for exemplar in run["exemplars"]:
		    for step in exemplar["steps"]:
		        step["name"] = step["name"].replace("/high", "/</table><img src=x>")
		run["warnings"] = ["<form action=x><iframe src=x>"]
		run["repro"] = 'memhp-bench run "</code><embed src=x>"'
		with open(sys.argv[1], "w", encoding="utf-8") as file:
		    json.dump(run, file)
	PYTHON
	head -c "$(($(stat -c %s $run/run.hlog) / 2))" $run/run.hlog >run.hlog
	mv run.hlog $run/run.hlog
}

setup_file()
{
	[ -n "$CHROMIUM" ] && command -v python3 >/dev/null || return 0
	ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	BENCH=${MEMHP_BENCH:-$ROOT/build/release/memhp-bench}
	cd "$BATS_FILE_TMPDIR" || return 1
	make_results
	make_hostile
	for page in one sweep hostile; do
		"$BENCH" report $page -o $page.html
	done
	"$BENCH" report base head -o both.html
	cp "$ROOT/tests/browser/probe.html" .
	browse plain "file://$PWD/one.html"
	probe scriptless '[{"page": "one.html", "width": 1200, "scriptless": true}]'
	jq -r '.[0].html' scriptless.json >scriptless.html
	probe pages '[{"page": "one.html", "width": 400}, {"page": "one.html", "width": 1200},
		{"page": "both.html", "width": 400}, {"page": "both.html", "width": 1200},
		{"page": "sweep.html", "width": 400}, {"page": "hostile.html", "width": 400}]'
	probe alone '[{"page": "one.html", "width": 1200}]'
}

need_browser()
{
	[ -n "$CHROMIUM" ] || skip "chromium is not there: apt-get install chromium"
	command -v python3 >/dev/null || skip "python3 is not there"
	cd "$BATS_FILE_TMPDIR" || return 1
}

# holds FILTER: jq over what was found of all pages; what does not hold is shown.
holds()
{
	jq -e "$1" pages.json >/dev/null || { jq -c 'map(del(.charts[].labels))' pages.json >&2; return 1; }
}

@test "report page: no console message, whatever is pressed" {
	need_browser
	cat ./*.console >&2
	[ -z "$(cat plain.console pages.console alone.console)" ]
}

@test "report page: its tables hold the values of run.json, with scripts and without" {
	need_browser
	run python3 "$ROOT/tests/browser/values.py" plain.dom one/cells/main/run-001/run.json
	echo "$output"
	[ "$status" -eq 0 ]
	run python3 "$ROOT/tests/browser/values.py" one.html one/cells/main/run-001/run.json
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "report page: without scripts it says that charts are left out, and its tables are there" {
	need_browser
	jq -e '.[0] | (.note | startswith("Scripts are off")) and .drawn == 0 and .figures == 0' scriptless.json
	run python3 "$ROOT/tests/browser/values.py" scriptless.html one/cells/main/run-001/run.json
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "report page: at 400 px nothing is wider than the page" {
	need_browser
	holds 'map(select(.width == 400) | .scroll_width <= 400) | length == 4 and all'
}

@test "report page: asks for nothing" {
	need_browser
	holds 'all(.requests == [])'
	[ "$(grep -cE '(src|href)="[^#d]' one.html)" -eq 0 ]
}

@test "report page: each kind of chart is painted, with labels that do not lie over each other" {
	need_browser
	holds '[.[].charts[].kind] | unique == ["heat", "shift", "spectrum", "sweep"]'
	holds '[.[].charts[]] | all(.painted and .overlaps == 0)'
	holds '[.[] | select(.width == 1200) | .charts[] | select(.kind == "spectrum") | .labels] |
		all(index("50 %") and index("90 %") and index("99 %") and any(test("(ns|us|ms|s)$")))'
}

@test "report page: the keyboard reads every chart, and boxes switch lines" {
	need_browser
	holds '[.[].charts[]] | all(.focusable and (.readout | length > 0))'
	holds '[.[].charts[] | select(.kind == "spectrum" or .kind == "sweep") | .toggles] | all'
}

@test "report page: has a language, headings in order, and a name for each control" {
	need_browser
	holds 'all(.lang == "en" and .unnamed == 0)'
	holds '[.[].levels] | all(.[0] == 1 and ([.[1:], .[:-1]] | transpose | all(.[0] <= .[1] + 1)))'
}

@test "report page: hostile names stay text" {
	need_browser
	holds 'all(.foreign == 0 and .scripts == 3)'
	holds '.[] | select(.page == "hostile.html") | .heading | startswith("</script><img src=x onerror=alert(1)>")'
	grep -q 'run.hlog ends at' hostile.html
}

@test "report page: says what the times mean, and never more" {
	need_browser
	[ "$(jq -r .times one/cells/main/run-001/run.json)" = 'harness only' ]
	grep -q '<p>times: harness only</p>' one.html
}

@test "report page: under 1 MB" {
	need_browser
	for page in one both sweep hostile; do
		[ "$(stat -c %s $page.html)" -lt 1000000 ]
	done
}

# Time on a machine that others keep busy says nothing about the page: more threads run than there are CPUs.
machine_is_busy()
{
	awk -v cpus="$(nproc)" '{ exit !($1 > 1.5 * cpus) }' /proc/loadavg
}

@test "report page: usable within 1 s" {
	need_browser
	for _ in 1 2 3; do
		jq -c 'map(.usable_ms)' alone.json
		jq -e 'all(.usable_ms < 1000)' alone.json && return
		probe alone '[{"page": "one.html", "width": 1200}]'
	done
	machine_is_busy && skip "usable after $(jq '.[0].usable_ms' alone.json) ms, beside $(cut -d ' ' -f 1 /proc/loadavg) running threads"
	return 1
}
