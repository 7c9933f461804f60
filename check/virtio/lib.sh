# SPDX-License-Identifier: ISC
# lib.sh - what the tests of the virtio target share: projects are built in a copy, machines are QEMU's with its own
# translator, since what a test finds must not depend on the host's /dev/kvm.
ROOT=$PWD WORK=$(mktemp -d) PIDS=
MORGANA=$ROOT/build/bin/morgana
end() {
    for pid in $PIDS; do kill "$pid" 2>/dev/null; done
    for pid in $PIDS; do wait "$pid" 2>/dev/null; done
    [ -z "$NS" ] || ip netns del "$NS" 2>/dev/null
    rm -rf "$WORK"
}
trap end EXIT
trap 'exit 1' INT TERM
unset MORGANA_SDK MORGANA_TARGET CC
if ! command -v qemu-system-x86_64 >/dev/null; then
    echo "skip $(basename "$0"): there is no qemu-system-x86_64"
    exit 0
fi
result() { # NAME: the status of the command before says how it went
    if [ $? = 0 ]; then echo "ok $1"; else echo "not ok $1"; sed 's/^/# /' "$WORK/out"; fi
}
build() { # FOLDER NAME [CPU]: the project in a copy, its image in $WORK/NAME/dist
    cp -r "$1/." "$WORK/$2" && rm -rf "$WORK/$2/.morgana" "$WORK/$2/dist" "$WORK/$2/Makefile" &&
        (cd "$WORK/$2" && "$MORGANA" configure -t virtio ${3:+--arch "$3"} && make build $([ -n "$3" ] || echo multiboot)) >"$WORK/out" 2>&1
}
QEMU="qemu-system-x86_64 -accel tcg -nodefaults -no-user-config -display none -serial stdio -no-reboot -device isa-debug-exit,iobase=0x501"
# machine IMAGE ARGUMENTS QEMU-OPTIONS... - what it prints is in $WORK/out; the status is the guest's
machine() {
    kernel=$1 arguments=$2
    shift 2
    timeout ${WITHIN:-20} $QEMU -m 32 -kernel "$kernel" -append "$arguments" "$@" >"$WORK/out" 2>&1 </dev/null
    status=$?
    [ $((status % 2)) = 1 ] && return $((status / 2))
    return 200
}
# what the guest printed, without firmware's noise, lines joined with |
printed() { tr -d '\r' <"$WORK/out" | sed 's/^.*Booting from ROM\.\.//' | grep -v SeaBIOS | tr '\n' '|'; }
MACHINES="microvm q35 pc"
# the four forms of a device: NAME MACHINE DEVICE-SUFFIX GLOBAL
forms() { # COMMAND: run with NAME MACHINE SUFFIX OPTIONS...
    "$1" pci_modern q35 pci-non-transitional
    "$1" pci_legacy q35 pci,disable-modern=on
    "$1" pci_transitional pc pci
    "$1" pci_behind_a_bridge q35 pci,bus=behind -device pcie-root-port,id=behind,chassis=1
    "$1" mmio_legacy microvm device
    "$1" mmio_modern microvm device -global virtio-mmio.force-legacy=false
    "$1" mmio_by_the_command_line microvm,acpi=off device
}
