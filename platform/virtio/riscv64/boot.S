// SPDX-License-Identifier: ISC
/* boot.S - the first instructions of a virtual machine (RISC-V SBI, as Linux is booted): in supervisor mode with translation off, a0 is the
 * number of the CPU, a1 leads to the device tree. Interrupts are never open. */

#define STATUS_INTERRUPTS 2
#define STATUS_FLOATS (1 << 13)
#define POOL_MEMORY 0                   /* struct platform_stack_pool */
#define POOL_STACK_BYTES 16
#define GUARD_BYTES 4096

        .section .text._start, "ax", @progbits
        .globl  _start
_start:
        csrw    sie, zero
        csrci   sstatus, STATUS_INTERRUPTS
        li      t0, STATUS_FLOATS
        csrs    sstatus, t0
        csrw    satp, zero
        rdtime  s2
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        mv      s0, a0
        mv      s1, a1
        la      t0, _bss_begin
        la      t1, _bss_end
        call    clear
        la      t0, _rest_begin
        la      t1, _rest_end
        call    clear
        la      t0, virtio_entry_cycles
        sd      s2, 0(t0)
        la      t0, platform_stack_pool
        ld      t1, POOL_MEMORY(t0)
        ld      t2, POOL_STACK_BYTES(t0)
        li      t3, GUARD_BYTES
        add     t1, t1, t2
        add     sp, t1, t3
        mv      a0, s1
        mv      a1, s0
        li      s0, 0
        li      ra, 0
        tail    virtio_start

clear:                                  # whole pages, from t0 to t1
        bgeu    t0, t1, 1f
        sd      zero, 0(t0)
        sd      zero, 8(t0)
        sd      zero, 16(t0)
        sd      zero, 24(t0)
        addi    t0, t0, 32
        j       clear
1:      ret

        .text
        .globl  virtio_sleep
        .type   virtio_sleep, @function
# Until an interrupt is pending: it is not taken, as those stay closed.
virtio_sleep:
        fence
        wfi
        ret
        .size   virtio_sleep, . - virtio_sleep

        .section .bss.virtio_entry_cycles, "aw", @nobits
        .balign 8
        .globl  virtio_entry_cycles
virtio_entry_cycles:
        .skip   8

        .section .note.GNU-stack, "", @progbits
