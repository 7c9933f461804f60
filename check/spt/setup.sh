# SPDX-License-Identifier: ISC
# setup.sh - for the tests beside it: where things are, a namespace with a TAP and a disk, results by line. In an emulated machine of their
# own (test-nested) they need no namespace.
cd "$(dirname "$0")/../.." || exit 1
T=build/bin/morgana-spt
I=build/check/spt
work=$(mktemp -d) || exit 1
space=spt-$$ in_space="ip netns exec spt-$$"
[ ! -e /inside ] || in_space=
disk=$work/disk
devices="--net:service0=tap0 --net-mac:service0=02:00:00:00:00:42 --block:disk0=$disk"
truncate -s 4M "$disk"
mkdir "$work/ramfs"

cleanup()
{
    ip netns del "$space" 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

ok() { echo "ok $1"; }
not_ok() { echo "not ok $1"; }
skip() { echo "skip $1: $2"; }
# result NAME STATUS WANTED_STATUS [OUTPUT WANTED_OUTPUT]
result()
{
    if [ "$2" = "$3" ] && [ "$4" = "$5" ]; then ok "$1"; else
        echo "# status $2 instead of $3, output \"$4\" instead of \"$5\""
        not_ok "$1"
    fi
}
# Whether a namespace with a TAP could be made; all frames in it are the tests' own.
have_tap()
{
    if [ -z "$in_space" ]; then
        echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
        tunctl -t tap0 >/dev/null && ip link set tap0 up
        return
    fi
    ip netns add "$space" 2>/dev/null || return 1
    ip netns exec "$space" sh -c 'sysctl -qw net.ipv6.conf.default.disable_ipv6=1 &&
        ip tuntap add tap0 mode tap && ip link set tap0 up' 2>/dev/null
}
in_space() { $in_space "$@"; }
# without_discard COMMAND...: in the space, where $plain_devices are the devices with a disk on a file system that makes no holes
plain_devices="${devices%=*}=$work/ramfs/disk"
without_discard()
{
    $in_space sh -c 'mount -t ramfs none "$0" && truncate -s 4M "$0/disk" && exec "$@"' "$work/ramfs" "$@"
}
# Waits until the TAP has a user, so that no frame comes before it: at most two seconds.
wait_for_carrier()
{
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        in_space grep -qs 1 /sys/class/net/tap0/carrier && return 0
        in_space ip link show tap0 | grep -q LOWER_UP && return 0
        sleep 0.1
    done
    return 1
}
