# SPDX-License-Identifier: ISC
# enter_riscv64.S - NORETURN void enter_guest(uint64_t entry, uint64_t stack, uint64_t boot):
# jumps to the guest on its own stack and leaves nothing of the tender in the registers but the entry.

        .text
        .globl  enter_guest
        .type   enter_guest, @function
enter_guest:
        mv      t0, a0
        mv      sp, a1
        mv      a0, a2
        li      a1, 0
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a5, 0
        li      a6, 0
        li      a7, 0
        li      t1, 0
        li      t2, 0
        li      t3, 0
        li      t4, 0
        li      t5, 0
        li      t6, 0
        li      s0, 0
        li      s1, 0
        li      s2, 0
        li      s3, 0
        li      s4, 0
        li      s5, 0
        li      s6, 0
        li      s7, 0
        li      s8, 0
        li      s9, 0
        li      s10, 0
        li      s11, 0
        li      ra, 0
        li      gp, 0
        li      tp, 0
        jr      t0
        .size   enter_guest, . - enter_guest

        .section .note.GNU-stack, "", @progbits
