# SPDX-License-Identifier: ISC
# lib.sh - what the benchmarks share: a client's namespace with a TAP for Morgana and a veth to the peer's
# namespace, commands pinned to a core, CPU time of a process, medians. Sourced, from the root of the tree.
#
# The server runs on core 1, the load on core 0. Everything started is ended by its pid.

BENCH=build/bench
CLIENT=mbc$$ PEER=mbp$$
GUEST_IP=10.77.0.2 HOST_IP=10.77.0.1 PEER_IP=10.78.0.2
PIDS=

bench_end() {
    for pid in $PIDS; do kill "$pid" 2>/dev/null; done
    for pid in $PIDS; do wait "$pid" 2>/dev/null; done
    ip netns del $CLIENT 2>/dev/null
    ip netns del $PEER 2>/dev/null
}
die() {
    echo "bench: $*" >&2
    exit 1
}

# Both networks; needs root.
bench_networks() {
    [ "$(id -u)" = 0 ] || die "network namespaces need root: run this as root"
    trap bench_end EXIT
    trap 'exit 1' INT TERM
    ip netns add $CLIENT && ip netns add $PEER || die "cannot make network namespaces"
    ip -n $CLIENT link set lo up
    ip -n $PEER link set lo up
    ip -n $CLIENT tuntap add dev tap0 mode tap vnet_hdr
    ip -n $CLIENT addr add $HOST_IP/24 dev tap0
    ip -n $CLIENT link set tap0 up
    ip -n $CLIENT link add veth0 type veth peer name veth1 netns $PEER
    ip -n $CLIENT addr add 10.78.0.1/24 dev veth0
    ip -n $CLIENT link set veth0 up
    ip -n $PEER addr add $PEER_IP/24 dev veth1
    ip -n $PEER link set veth1 up
}
# client COMMAND... - in the client's namespace on core 0
client() { ip netns exec $CLIENT taskset -c 0 "$@"; }

# server_start NAMESPACE COMMAND... - on core 1; its pid is in $PID
server_start() {
    ns=$1
    shift
    ip netns exec "$ns" taskset -c 1 "$@" >"$BENCH/server.log" 2>&1 &
    PID=$!
    PIDS="$PIDS $PID"
}
server_stop() {
    kill "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}
# morgana_start IMAGE [TENDER'S OPTIONS] [-- GUEST'S ARGUMENTS] - on the TAP
morgana_start() {
    image=$1
    shift
    server_start $CLIENT build/bin/morgana-spt --net:service=tap0 "$@" "$image" \
        --ipv4=$GUEST_IP/24 --ipv4-gateway=$HOST_IP
}
nginx_start() {
    mkdir -p "$BENCH/nginx/html"
    cp "$BENCH/pages/"* "$BENCH/nginx/html/"
    server_start $PEER "$NGINX" -p "$BENCH/nginx/" -c "$PWD/check/bench/nginx.conf"
}
wait_http() {
    for _ in $(seq 100); do
        client curl -s -o /dev/null --max-time 1 "http://$1/1k.html" && return
        sleep 0.05
    done
    cat "$BENCH/server.log" >&2
    die "no server at $1"
}
# A TAP that was opened just now has no carrier yet, and a ping that finds none gives up at once.
wait_ping() {
    for _ in $(seq 50); do
        client ping -q -c 1 -W 1 "$1" >/dev/null 2>&1 && return
        sleep 0.1
    done
    cat "$BENCH/server.log" >&2
    die "no server at $1"
}
# cpu_ticks PID - user and system time of a process and its children that run, in ticks
cpu_ticks() {
    for p in $1 $(pgrep -P "$1"); do
        cat "/proc/$p/stat" 2>/dev/null
    done | awk '{ sub(/^.*\) /, ""); t += $12 + $13 } END { print t }'
}
# figure PAIRS NAME COLUMN-OF-OURS COLUMN-OF-THEIRS UNIT PEER - of build/bench/PAIRS.pairs, a round a line: the median of the ratios, and both medians
figure() {
    ratio=$(awk -v a="$3" -v b="$4" '{ print $a / $b }' "$BENCH/$1.pairs" | median)
    o=$(cut -d' ' -f"$3" "$BENCH/$1.pairs" | median)
    t=$(cut -d' ' -f"$4" "$BENCH/$1.pairs" | median)
    printf '%s %.2f x %s (%s %s, %s %s)\n' "$2" "$ratio" "$6" "$o" "$5" "$t" "$5"
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
