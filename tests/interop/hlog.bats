# SPDX-License-Identifier: GPL-2.0-or-later
# Interval logs read by HdrHistogram's own HistogramLogProcessor: it must find the numbers that we have written.

load ../cli/cli

JAR=/usr/share/java/hdrhistogram.jar

# What HistogramLogProcessor finds in log $1 under tag $2 ("-": lines without one), in ns:
# "COUNT P50 P75 P90 MAX MEAN DEVIATION".
java_finds()
{
	local tag=()

	[ "$2" = - ] || tag=(-tag "$2")
	java -cp "$JAR" org.HdrHistogram.HistogramLogProcessor -i "$1" -outputValueUnitRatio 1 "${tag[@]}" >java.txt
	# Rows are "VALUE LEVEL COUNT 1/(1-LEVEL)"; the footer has the rest.
	tr '][=,#' ' ' <java.txt | awk '
		$2 == "0.500000000000" { p50 = $1 }
		$2 == "0.750000000000" { p75 = $1 }
		$2 == "0.900000000000" { p90 = $1 }
		$1 == "Mean" { mean = $2; deviation = $4 }
		$1 == "Max" { max = $2; count = $5 }
		END { printf "%d %d %d %d %d %.3f %.3f\n", count, p50, p75, p90, max, mean, deviation }'
}

need_java()
{
	command -v java >/dev/null && [ -e "$JAR" ] || skip "java or $JAR is not there: apt-get install default-jre-headless libhdrhistogram-java"
}

write_known_log()
{
	local source=("$ROOT"/tests/interop/write_hlog.c)

	for name in results/{hlog,hlog_text,encode,base64,histogram,tag} base/{io,text,error}; do
		source+=("$ROOT/$name.c")
	done
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -I"$ROOT" -I"$ROOT/include" -o write_hlog "${source[@]}" -lz -lm
	./write_hlog known.hlog >expected.txt
}

@test "HistogramLogProcessor finds count, percentiles, max, mean and deviation of known values" {
	need_java
	write_known_log
	[ "$(wc -l <expected.txt)" -eq 2 ]
	while read -r tag expected; do
		found=$(java_finds known.hlog "$tag")
		# All values of the tagged one are equal: its table has no row at these levels.
		[ "$tag" = - ] || read -r expected found < <(echo "$expected $found" | awk '{ print $1 "/" $5 "/" $6 "/" $7, $8 "/" $12 "/" $13 "/" $14 }')
		echo "tag $tag: expected '$expected', found '$found'"
		[ "$expected" = "$found" ]
	done <expected.txt
}

@test "HistogramLogProcessor lists the tags" {
	need_java
	write_known_log
	run java -cp "$JAR" org.HdrHistogram.HistogramLogProcessor -i known.hlog -listtags
	[[ $output == *"steady/cb.slab"* ]]
}

@test "HistogramLogProcessor finds as many operations in run.hlog as run.json says" {
	need_java
	command -v python3 >/dev/null || skip "python3 is not there"
	bench run "$TINY" -o out -q
	exits 0
	log=out/cells/main/run-001/run.hlog
	python3 - out/cells/main/run-001/run.json >tags.txt <<-'PYTHON'
		import json, sys
		for series in json.load(open(sys.argv[1]))["series"]:
		    if series["count"]:
		        print(series["tag"], series["count"])
	PYTHON
	[ -s tags.txt ]
	grep -q '^steady/response 2000$' tags.txt
	for tag in steady/response steady/walk; do
		expected=$(awk -v tag="$tag" '$1 == tag { print $2 }' tags.txt)
		found=$(java_finds "$log" "$tag")
		echo "$tag: run.json has $expected, run.hlog '$found'"
		[ "${found%% *}" = "$expected" ]
	done
	found=$(java_finds "$log" -)
	[ "${found%% *}" = 2000 ]
}
