# SPDX-License-Identifier: ISC
# cpus-devices.sh - block, network and entropy devices in every form (as test-devices).
build examples/device-usage/block block $CPU && build check/virtio/disk disk $CPU && build check/virtio/rest rest $CPU && build examples/applications/static-website website $CPU
result "the_projects_build_for_$CPU"
truncate -s 4M "$WORK/disk.img"
# unsafe: a flush must not wait for the host's disk
drive="-drive if=none,id=d,format=raw,discard=unmap,cache=unsafe,file=$WORK/disk.img"
block() { # NAME MACHINE SUFFIX OPTIONS...
    name=$1 m=$2 suffix=$3
    shift 3
    machine "$WORK/block/dist/block.virtio" "" -M "$m" $drive "$@" -device "virtio-blk-$suffix,drive=d" &&
        printed | grep -q "8192 sectors of 512 bytes|24 passed, 0 failed|"
    result "block_by_${name}_on_$CPU"
    machine "$WORK/disk/dist/disk.virtio" "" -M "$m" $drive "$@" -device "virtio-blk-$suffix,drive=d" &&
        printed | grep -q "^written|flushed|0 bytes are wrong|flush done, discard done, 64 requests under way at most|"
    result "many_requests_by_${name}_on_$CPU"
}
forms block
machine "$WORK/block/dist/block.virtio" "" -M virt
[ $? = 1 ] && printed | grep -q 'virtio: the machine has no block device for "storage": give it one more|$'
result "a_disk_that_is_not_there_is_one_clear_line_on_$CPU"

port=$((20000 + $$ % 600 * 20))
web() { # NAME MACHINE SUFFIX OPTIONS...
    name=$1 m=$2 suffix=$3
    shift 3
    port=$((port + 1))
    rm -f "$WORK/got"
    : >"$WORK/out"                  # of the machine before, or we would see what that one said
    $QEMU -M "$m" -m 6 -kernel "$WORK/website/dist/website.virtio" -append "--ipv4=10.0.2.15/24 --ipv4-gateway=10.0.2.2" \
        -netdev "user,id=n,hostfwd=tcp:127.0.0.1:$port-:80" "$@" -device "virtio-net-$suffix,netdev=n" -device "virtio-rng-${suffix%%,*}" \
        >"$WORK/out" 2>&1 </dev/null &
    guest=$!
    PIDS="$PIDS $guest"
    for _ in $(seq 100); do grep -q "http://" "$WORK/out" && break; kill -0 $guest 2>/dev/null || break; sleep 0.1; done
    curl -s --max-time 10 -o "$WORK/got" "http://127.0.0.1:$port/" && cmp -s "$WORK/got" examples/applications/static-website/htdocs/index.html
    result "website_in_6_MB_by_${name}_on_$CPU"
    kill $guest 2>/dev/null
    wait $guest 2>/dev/null
}
forms web

# a thousand seconds of virtual time, as test-devices has it
rest() { # NAME MACHINE SUFFIX OPTIONS...
    name=$1 m=$2 suffix=$3
    shift 3
    (ulimit -t 10 && WITHIN=100 machine "$WORK/rest/dist/rest.virtio" "" -M "$m" -icount shift=0,sleep=off -netdev user,id=n "$@" \
        -device "virtio-net-$suffix,netdev=n" -device "virtio-rng-${suffix%%,*}") && printed | grep -q "rested|"
    result "a_machine_at_rest_rests_by_${name}_on_$CPU"
}
forms rest

# a page of 8 MB by a TAP with checksum and segmentation offload, as test-network has it
NS=mgvirt$CPU$$
if [ "$(id -u)" != 0 ] || ! ip netns add $NS 2>/dev/null; then
    NS=
    echo "skip offload on $CPU: network namespaces need root"
else
    ip -n $NS link set lo up
    ip -n $NS tuntap add dev tap0 mode tap vnet_hdr
    ip -n $NS addr add 10.87.0.1/24 dev tap0
    ip -n $NS link set tap0 up
    cp -r examples/applications/static-website "$WORK/large.src" && head -c 8388608 /dev/urandom >"$WORK/large.src/htdocs/8m.bin"
    build "$WORK/large.src" large $CPU
    result "a_large_website_builds_for_$CPU"
fi
offload() { # NAME MACHINE SUFFIX OPTIONS...
    name=$1 m=$2 suffix=$3
    shift 3
    [ -n "$NS" ] || return 0
    rm -f "$WORK/got"
    : >"$WORK/out"
    ip netns exec $NS $QEMU -M "$m" -m 64 -kernel "$WORK/large/dist/website.virtio" -append "--ipv4=10.87.0.2/24 --ipv4-gateway=10.87.0.1" \
        -netdev tap,id=n,ifname=tap0,script=no,downscript=no "$@" -device "virtio-net-$suffix,netdev=n" -device "virtio-rng-${suffix%%,*}" \
        >"$WORK/out" 2>&1 </dev/null &
    guest=$!
    PIDS="$PIDS $guest"
    for _ in $(seq 100); do grep -q "http://" "$WORK/out" && break; kill -0 $guest 2>/dev/null || break; sleep 0.1; done
    grep -q "checksum offload, segmentation offload" "$WORK/out" &&
        ip netns exec $NS curl -s --max-time 30 -o "$WORK/got" "http://10.87.0.2/8m.bin" && cmp -s "$WORK/got" "$WORK/large.src/htdocs/8m.bin"
    result "8_MB_with_offload_by_${name}_on_$CPU"
    kill $guest 2>/dev/null
    wait $guest 2>/dev/null
}
forms offload
