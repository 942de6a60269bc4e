# data.sh: where the real data is; sourced by tests/real/*.sh. Leaves with 77 where there is none.
data=${LANDUSE_TEST_DATA:-../shared/data}
if [ ! -d "$data/scenario_hampshire" ]; then
	echo "skipped: no test data"
	exit 77
fi
data=$(cd "$data" && pwd)
. tests/support/shell.sh
