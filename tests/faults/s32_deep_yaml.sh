#!/bin/sh
# S32: a job file of 500,000 brackets took more than a minute; thousands of anchors do likewise.
. tests/support/shell.sh
cd "$scratch"
"$python" - <<'END'
for name, text in (("flow", "[" * 500000), ("maps", "{a: " * 200000), ("block", "- " * 300000), ("closed", "[" * 40 + "]" * 40),
                   ("keys", "? " * 200000), ("anchors", "[" + ",".join(f"&a{i} 1" for i in range(60000)) + "]")):
    open(name + ".yaml", "w").write("output: out\nsmooth: " + text if name not in ("block", "keys") else text)
END
limit="timeout -k 1 10"
for name in flow maps block closed keys; do
	expect 2 "deep: expected 32 at most" $limit "$landuse" run --dry-run $name.yaml
done
expect 2 "flow.yaml:2: " $limit "$landuse" run flow.yaml
expect 2 "anchors.yaml:2: more than 100 anchors" $limit "$landuse" run --dry-run anchors.yaml
# A long list and a few anchors are fine: what is wrong with this job is something else.
"$python" - <<'END'
open("long.yaml", "w").write("model: &m aerial-21\noutput: out\ndates:\n  - {date: 2009, imagery: [" +
                             ",".join(f"tiles/{i}.tif" for i in range(40000)) + "]}\n")
END
expect 2 "tiles/0.tif: no such file" $limit "$landuse" run --dry-run long.yaml
