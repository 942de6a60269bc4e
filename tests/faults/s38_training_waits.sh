#!/bin/sh
# s38_training_waits.sh: a second training with the same backbone waits for the first one's cache, and says so.
. tests/support/shell.sh
cd "$scratch"
draw_chips 4
train() { "$landuse" train -q --no-history --cache cache --block-numbers 2 --l2 0.01 chips "$@"; }
train -o first >/dev/null
lock=$(find cache -name .landuse.lock)
[ -f "$lock" ] || fail "no lock of the cache"
hold() {
	"$python" -c 'import fcntl, sys, time
lock = open(sys.argv[1], "r+"); fcntl.flock(lock, fcntl.LOCK_EX); open("held", "w").close(); time.sleep(float(sys.argv[2]))' "$lock" "$1" &
	holder=$!
	until [ -e held ]; do sleep 0.05; done
	rm held
}
hold 3
before=$(date +%s)
train -o second >/dev/null 2>words || fail "the second training: $(cat words)"
[ "$(grep -c 'another landuse job is using the feature cache; waiting' words)" -eq 1 ] || fail "said: $(cat words)"
grep -qF "${lock%/.landuse.lock}" words || fail "the cache is not named: $(cat words)"
[ -s second/model.onnx ] && [ $(($(date +%s) - before)) -ge 1 ] || fail "it did not wait"
wait $holder

# Whoever waits can be stopped.
hold 30
"$landuse" train -q --no-history --cache cache --block-numbers 2 --l2 0.01 chips -o third >/dev/null 2>words &
pid=$!
until grep -q waiting words; do sleep 0.1; done
kill -TERM $pid
code=0
wait $pid || code=$?
kill $holder
[ $code -eq 143 ] || fail "stopped while waiting: $code, $(cat words)"
[ ! -e third ] || fail "a model of a stopped training"
