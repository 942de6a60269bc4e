#!/bin/sh
# county.sh: a county in four shards on four nodes of a real Slurm, by config/slurm/county.sbatch; a task is killed meanwhile
# and requeued. What is merged is byte for byte what one machine makes.
#
# Needs Debian's slurm-wlm and munge: exit 77 without, or a failure where REQUIRE_SLURM=1. No service is touched: all of it
# runs in the scratch folder, on ports of its own, and ends with the test.
for tool in mungekey munged slurmctld slurmd sbatch squeue scontrol; do
	command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin
	command -v "$tool" >/dev/null && continue
	echo "skipped: there is no $tool here (apt-get install --no-install-recommends slurm-wlm munge)"
	[ "${REQUIRE_SLURM:-0}" != 1 ] || exit 1
	exit 77
done
. tests/support/shell.sh
script=$PWD/config/slurm/county.sbatch

"$sample_county" -q --cells 12x16 --dates 2009,2015 --seed 5 --format jpeg "$scratch/county"
cd "$scratch"
job() {
	printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'engine: blas' 'threads: 1' 'dates:' \
		'  - {date: 2009, imagery: county/imagery_2009.tif}' '  - {date: 2015, imagery: county/imagery_2015.tif}' "output: $1"
}
job whole >whole.yaml
job out >job.yaml
"$landuse" run -q whole.yaml >/dev/null

# A Slurm of our own.
chmod 755 "$scratch"
mkdir munge state spool run log
chmod 755 munge
host=$(hostname -s) me=$(id -un)
# Five free ports in a row.
port=$("$python" - <<'PY'
import random, socket
while True:
    first = random.randrange(20000, 60000)
    held = []
    try:
        for port in range(first, first + 5):
            held.append(socket.socket())
            held[-1].bind(("127.0.0.1", port))
    except OSError:
        continue
    finally:
        for s in held:
            s.close()
    print(first)
    break
PY
)
SLURM_CONF=$scratch/slurm.conf
export SLURM_CONF
cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$me
SlurmdUser=$me
AuthInfo=socket=$scratch/munge/socket,cred_expire=5
SlurmctldPort=$port
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool/%n
SlurmctldPidFile=$scratch/run/slurmctld.pid
SlurmdPidFile=$scratch/run/slurmd.%n.pid
SlurmctldLogFile=$scratch/log/slurmctld.log
SlurmdLogFile=$scratch/log/slurmd.%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=5
SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1
NodeName=node[1-4] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + 4))] CPUs=1
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
pids=
stop_slurm() {
	scancel -u "$me" 2>/dev/null || true
	sleep 1
	# shellcheck disable=SC2086
	kill $pids 2>/dev/null || true
	for pid in $pids; do
		tries=0
		while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
	done
	rm -rf "$scratch"
}
trap stop_slurm EXIT
trap 'exit 1' INT TERM HUP
mungekey --create --keyfile=munge/key
munged --foreground --key-file="$scratch/munge/key" --socket="$scratch/munge/socket" --pid-file="$scratch/munge/pid" \
	--log-file="$scratch/munge/log" --seed-file="$scratch/munge/seed" 2>log/munged &
pids=$!
until [ -S munge/socket ]; do kill -0 "$pids" || fail "munged: $(cat log/munged munge/log)"; sleep 0.1; done
slurmctld -D -i >log/ctld 2>&1 &
pids="$pids $!"
for node in 1 2 3 4; do
	mkdir "spool/node$node"
	slurmd -D -N "node$node" >"log/slurmd$node" 2>&1 &
	pids="$pids $!"
done
tries=0
until [ "$(sinfo -h -N -t idle -o %n 2>/dev/null | wc -l)" -eq 4 ]; do
	tries=$((tries + 1))
	[ $tries -lt 300 ] || fail "Slurm does not start: $(tail -5 log/*)"
	sleep 0.2
done

LANDUSE=$landuse sh "$script" "$scratch/job.yaml" 4 --chdir="$scratch" --output="$scratch/log/%x.%j.%t" --mem=0 >told || fail "$(cat told)"
array=$(sed -n 's/^shards 0-3: job \([0-9]*\);.*/\1/p' told)
[ -n "$array" ] || fail "$(cat told)"

# The first task that has finished something dies as by a lack of memory.
tries=0
while :; do
	victim=
	for shard in 0 1 2 3; do
		if grep -q . "out/.shards/$shard/2009.done" 2>/dev/null && [ ! -e "out/.shards/$shard/shard.json" ]; then
			victim=$(sed -n 's/^process \([0-9]*\) .*/\1/p' "out/.shards/$shard/.landuse.lock")
			[ -z "$victim" ] || break
		fi
	done
	[ -z "$victim" ] || kill -9 "$victim" 2>/dev/null || victim=
	[ -z "$victim" ] || break
	tries=$((tries + 1))
	[ $tries -lt 1200 ] || fail "no task was there to be killed: $(cat log/landuse-* 2>/dev/null) $(squeue) $(tail -3 log/slurmctld.log)"
	sleep 0.05
done
echo "killed process $victim of shard $shard"

tries=0
until [ -z "$(squeue -h 2>/dev/null)" ]; do
	tries=$((tries + 1))
	[ $tries -lt 3000 ] || fail "jobs do not end: $(squeue) $(cat log/landuse-*)"
	sleep 0.2
done
[ -e out/manifest.json ] || fail "nothing was merged: $(cat log/landuse-*)"
grep -q "Requeu\|requeue" log/slurmctld.log || fail 'the killed task was not requeued'
# county.qgz and report.html are of the same folder depth, so they are compared, too.
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=.work whole out || fail 'differs from a run on one machine'
[ ! -e out/.shards ] || fail 'shards are left'
grep -h 'done: ' log/landuse-merge* || fail "$(cat log/landuse-merge*)"
