# SPDX-License-Identifier: ISC
# lib-cpus.sh - what the tests of the virtio target on other CPUs share; behind lib.sh.
case $CPU in
aarch64) QEMU="qemu-system-aarch64 -semihosting -cpu cortex-a57" ;;
riscv64) QEMU="qemu-system-riscv64" ;;
esac
QEMU="$QEMU -accel tcg -nodefaults -no-user-config -display none -serial stdio -no-reboot"
for program in "${QEMU%% *}" "$CPU-linux-gnu-gcc"; do
    command -v "$program" >/dev/null && continue
    echo "skip $(basename "$0"): there is no $program"
    exit 0
done
check/build ARCH=$CPU VARIANTS=product all >"$WORK/out" 2>&1
result "the_sdk_builds_for_$CPU"
# machine IMAGE ARGUMENTS QEMU-OPTIONS... - what it prints is in $WORK/out; the status is the guest's
machine() {
    kernel=$1 arguments=$2
    shift 2
    timeout ${WITHIN:-20} $QEMU -m 32 -kernel "$kernel" -append "$arguments" "$@" >"$WORK/out" 2>&1 </dev/null
}
# what the guest printed, without the firmware's noise, lines joined with |
printed() { tr -d '\r' <"$WORK/out" | sed '/^OpenSBI v/,/^Boot HART MEDELEG/d' | sed '/^$/d' | tr '\n' '|'; }
# the forms of a device: NAME MACHINE DEVICE-SUFFIX GLOBAL
forms() { # COMMAND: run with NAME MACHINE SUFFIX OPTIONS...
    "$1" mmio_legacy virt device
    "$1" mmio_modern virt device -global virtio-mmio.force-legacy=false
    "$1" pci_modern virt pci-non-transitional
    "$1" pci_legacy virt pci,disable-modern=on
    [ $CPU = aarch64 ] || return 0
    "$1" mmio_with_gic_3 virt,gic-version=3 device
    "$1" pci_with_gic_3_from_el2 virt,gic-version=3,virtualization=on pci-non-transitional
}
