# SPDX-License-Identifier: GPL-2.0-or-later
# HdrHistogram's encodings V0 and V1: read as the Java library reads them. It writes neither, so old_encodings.py makes
# them from their layout; of V0 the library reads only counts of 8 bytes, compressed (of others it expects all buckets).

load ../cli/cli

JAR=/usr/share/java/hdrhistogram.jar

# The table of tag $2 of log $1 by the Java library.
java_table()
{
	java -cp "$JAR" org.HdrHistogram.HistogramLogProcessor -i "$1" -tag "$2" -outputValueUnitRatio 1 |
		sed -n '/Value  /,$p'
}

# A result folder whose interval log is stdin.
folder_of_log()
{
	rm -rf out
	"$BENCH" run "$TINY" -o out -q 2>/dev/null
	cat >out/cells/main/run-001/run.hlog
}

@test "V0 and V1 logs, written anew as V2, say to the Java library what the old ones do" {
	command -v java >/dev/null && [ -e "$JAR" ] || skip "java or $JAR is not there: apt-get install default-jre-headless libhdrhistogram-java"
	for name in v0.8.compressed v1.2.compressed v1.4.compressed v1.8.compressed; do
		/usr/bin/python3 "$ROOT/tests/interop/old_encodings.py" log $name >old.hlog
		folder_of_log <old.hlog
		bench export out --format hlog -o new.hlog
		exits 0
		grep -q "HISTFA" new.hlog
		java_table old.hlog $name >old.txt
		java_table new.hlog $name >new.txt
		[ "$(wc -l <old.txt)" -gt 5 ]
		diff old.txt new.txt
	done
}

@test "all of V0 and V1, with counts of 2, 4 and 8 bytes, compressed or not, are read alike" {
	/usr/bin/python3 "$ROOT/tests/interop/old_encodings.py" texts >texts.txt
	[ "$(wc -l <texts.txt)" -eq 12 ]
	/usr/bin/python3 "$ROOT/tests/interop/old_encodings.py" log $(awk '{ print $1 }' texts.txt) >old.hlog
	folder_of_log <old.hlog
	bench export out --format hlog -o new.hlog
	exits 0
	# Two texts: of 70,000 and of 700 values.
	[ "$(grep '^Tag=v..[48]' new.hlog | cut -d , -f 5 | sort -u | wc -l)" -eq 1 ]
	[ "$(grep '^Tag=v..2' new.hlog | cut -d , -f 5 | sort -u | wc -l)" -eq 1 ]
	[ "$(grep -c '^Tag=' new.hlog)" -eq 12 ]
}
