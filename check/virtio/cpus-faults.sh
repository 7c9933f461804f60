# SPDX-License-Identifier: ISC
# cpus-faults.sh - what our own mistakes end in (as test-faults), and a tree that is damaged.
build check/virtio/faults faults $CPU && build check/faults/mistakes mistakes $CPU
result "faults_builds_for_$CPU"
image=$WORK/faults/dist/faults.virtio
# fault PROGRAM MISTAKE LINE
fault() {
    machine "$WORK/$1/dist/$1.virtio" "--mistake=$2" -M virt
    [ $? = 255 ] && grep -q "panic: .*$3" "$WORK/out" && grep -q "in fiber $1" "$WORK/out"
    result "$2_is_caught_on_$CPU"
}
fault mistakes null-read "a null pointer was used"
fault mistakes null-write "a null pointer was used"
fault mistakes null-call "a null pointer was used"
fault mistakes write-code "memory that is only read was written to"
fault mistakes write-constant "memory that is only read was written to"
fault mistakes run-data "data was to be executed"
fault mistakes run-stack "data was to be executed"
fault mistakes overflow-stack "a fiber's stack is too small"
fault faults trap "an instruction that is none"
fault faults far "memory that is not there"
[ "$(grep -o 'backtrace.*' "$WORK/out" | wc -w)" -ge 5 ]
result "a_panic_of_an_exception_has_a_backtrace_on_$CPU"

machine "$image" "" -M virt -icount shift=0
cycles=$(printed | sed -n 's/^\([0-9]*\) cycles.*/\1/p')
# the counter's rate: 62.5 MHz, 10 MHz; an instruction takes a nanosecond
instructions=$((${cycles:-999999} * $([ $CPU = aarch64 ] && echo 16 || echo 100)))
echo "# $CPU: $instructions instructions from the entry to the application"
[ "$instructions" -le 300000 ]
result "from_entry_to_application_in_300000_instructions_on_$CPU"

# trees that are damaged behind what QEMU itself looks at; on riscv64 the firmware reads them before us
[ $CPU = aarch64 ] && damages="56 60" || damages=
${QEMU%% *} -M virt,dumpdtb="$WORK/tree" -m 32 -nodefaults -display none >"$WORK/out" 2>&1
for damage in $damages; do
    cp "$WORK/tree" "$WORK/damaged"
    printf '\377\377\377\377' | dd of="$WORK/damaged" bs=1 seek=$damage conv=notrunc status=none
    machine "$WORK/hello/dist/hello.virtio" "" -M virt -dtb "$WORK/damaged"
    [ $? = 1 ] && printed | grep -q "virtio: .*device tree"
    result "a_tree_damaged_at_${damage}_is_one_clear_line_on_$CPU"
done
