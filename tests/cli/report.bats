# SPDX-License-Identifier: GPL-2.0-or-later
# memhp-bench report: what it takes and refuses, and that a page is there whole or not at all. What a browser makes of
# the page is in tests/browser.

load cli

result()
{
	"$BENCH" run "$TINY" -o "$1" -q "${@:2}" 2>/dev/null
}

page_has()
{
	grep -qF -- "$1" page.html || { echo "page.html lacks '$1'" >&2; return 1; }
}

@test "report: one file, that names each inline script and style by its sum" {
	result out
	bench report out -o page.html
	exits 0
	[ -z "$output$stderr" ]
	page_has "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'sha256-"
	[ "$(grep -o "'sha256-[A-Za-z0-9+/]*=*'" page.html | sort -u | wc -l)" -eq 4 ]
	page_has 'CORRECT: 2.00 k operations'
	page_has 'times: harness only'
	page_has "memhp-bench run"
	[ "$(grep -c sourceMappingURL page.html)" -eq 0 ]
	page_has '@license'
}

@test "report: writes over a page whole, and leaves it as it was on failure" {
	result out
	echo old >page.html
	bench report out -o page.html
	exits 0
	[ "$(head -n 1 page.html)" = '<!doctype html>' ]
	cp page.html before.html
	bench report absent -o page.html
	exits 2
	cmp page.html before.html
	[ "$(find . -name 'page.html.tmp*' | wc -l)" -eq 0 ]
}

@test "report: usage errors are 2" {
	bench report
	exits 2
	result out
	bench report out
	exits 2
	stderr_has '-o FILE.html'
	bench report out -o
	exits 2
	bench report out out out out out out out out out -o page.html
	exits 2
	stderr_has 'at most 8'
}

@test "report: a folder that is none of ours is 2, with a sentence" {
	mkdir empty
	bench report empty -o page.html
	exits 2
	stderr_has "empty"
	bench report /etc/hostname -o page.html
	exits 2
	[ ! -e page.html ]
}

@test "report: a folder whose run cannot be read is 2 and says why" {
	result out
	echo '{' >out/cells/main/run-001/run.json
	bench report out -o page.html
	exits 2
	stderr_has "holds no run that can be read"
	stderr_has "run.json"
	[ ! -e page.html ]
}

@test "report: a run that cannot be read among others is told" {
	result out --runs 2
	rm out/cells/main/run-002/run.json
	bench report out -o page.html
	exits 0
	page_has '1 without a result'
	page_has 'ABORTED: '
}

@test "report: folders may be called anything" {
	result "$(printf 'b\377<i>')"
	result '#head"'
	bench report "$(printf 'b\377<i>')" '#head"' -o page.html
	exits 0
	page_has '#head&quot;</th>'
	[ "$(grep -c '<i>' page.html)" -eq 0 ]
	python3 -c 'open("page.html", encoding="utf-8").read()'
}

@test "report: a page that cannot be written is 6" {
	result out
	bench report out -o absent/page.html
	exits 6
	stderr_has "absent/page.html"
	bench report out -o /dev/null
	exits 6
	stderr_has 'no regular file'
	[ -c /dev/null ]
}

@test "report: says what is missing of a log that was cut off, broken, or is not there" {
	result out
	log=out/cells/main/run-001/run.hlog
	cp $log whole.hlog
	head -n 6 whole.hlog >$log
	bench report out -o page.html
	exits 0
	page_has 'run.hlog holds no interval with a value'
	{ head -n 6 whole.hlog; echo 'nonsense,1,2,3'; } >$log
	bench report out -o page.html
	exits 0
	page_has 'Incomplete: the log cannot be read to its end: '
	rm $log
	bench report out -o page.html
	exits 0
	page_has 'no latency over time: '
}

@test "report: two folders are compared and not judged" {
	result base --runs 2
	result head --runs 2
	bench report base head -o page.html
	exits 0
	page_has '<strong>Compared</strong>'
	page_has 'steady/response.p50'
	page_has 'Between the sides'
}

@test "report: the folder of a gate is shown with the verdict that it recorded" {
	mkdir both
	result both/a
	result both/b
	cat >both/gate.json <<-'JSON'
		{"schema": "memhp-bench/gate", "schema_version": 1, "verdict": "REGRESSED", "exit": 1,
		 "summary": "one <count> rose", "lines": [
		  {"kind": "count", "verdict": "REGRESSED", "gated": true, "cell": "main", "name": "calls <slab>",
		   "unit": "count", "base": 1, "candidate": 2, "base_count": 1, "candidate_count": 1,
		   "ratio": {"estimate": null, "lower": null, "upper": null, "attained": false},
		   "words": "one call more", "note": null, "next": "memhp-bench explain both/b"}],
		 "shifts": []}
	JSON
	bench report both -o page.html
	exits 0
	page_has '<strong>REGRESSED</strong>: one &lt;count&gt; rose'
	page_has 'calls &lt;slab&gt;'
	page_has 'one call more'
	page_has 'memhp-bench explain both/b'
	bench show both
	exits 0
	stdout_has 'REGRESSED: one <count> rose'
	stdout_has 'one call more'
	echo '{"schema": "memhp-bench/run"}' >both/gate.json
	bench report both -o page.html
	exits 0
	page_has 'The recorded verdict is passed over: '
	page_has '<strong>Compared</strong>'
	bench show both
	exits 0
	stdout_has 'COMPARED: '
	stderr_has 'the recorded verdict is passed over: '
}

@test "report: a sweep has a table of its cells" {
	sed 's/ops: 2000/ops: "${sweep.ops}"/; s/^name: tiny/&\nsweep: {params: {ops: [1000, 2000]}}/' "$TINY" >sweep.yaml
	"$BENCH" run sweep.yaml -o out -q 2>/dev/null
	bench report out -o page.html
	exits 0
	page_has 'Cells: steady/response'
	page_has '1. ops=1000'
	page_has '2. ops=2000'
}
