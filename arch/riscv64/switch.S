// SPDX-License-Identifier: ISC
/* The switch between two stacks. What the RISC-V calling convention lets a callee keep is laid on the stack that is left: ra, s0 to
 * s11, fs0 to fs11, and the control word of floating point. arch/riscv64/first_frame.c lays out the same picture for a stack
 * that never ran. */

#define FRAME_BYTES 208
#define FCSR 200

        .macro  registers move, move_float
        \move   ra, 0(sp)
        \move   s0, 8(sp)
        \move   s1, 16(sp)
        \move   s2, 24(sp)
        \move   s3, 32(sp)
        \move   s4, 40(sp)
        \move   s5, 48(sp)
        \move   s6, 56(sp)
        \move   s7, 64(sp)
        \move   s8, 72(sp)
        \move   s9, 80(sp)
        \move   s10, 88(sp)
        \move   s11, 96(sp)
        \move_float fs0, 104(sp)
        \move_float fs1, 112(sp)
        \move_float fs2, 120(sp)
        \move_float fs3, 128(sp)
        \move_float fs4, 136(sp)
        \move_float fs5, 144(sp)
        \move_float fs6, 152(sp)
        \move_float fs7, 160(sp)
        \move_float fs8, 168(sp)
        \move_float fs9, 176(sp)
        \move_float fs10, 184(sp)
        \move_float fs11, 192(sp)
        .endm

        .text
/* void arch_stack_switch(void **save_sp [a0], void *sp [a1]) */
        .globl  arch_stack_switch
        .type   arch_stack_switch, @function
arch_stack_switch:
        addi    sp, sp, -FRAME_BYTES
        registers sd, fsd
        frcsr   t0
        sd      t0, FCSR(sp)
        sd      sp, 0(a0)
        mv      sp, a1
        ld      t0, FCSR(sp)
        fscsr   t0
        registers ld, fld
        addi    sp, sp, FRAME_BYTES
        ret
        .size   arch_stack_switch, . - arch_stack_switch

/* What a new stack returns into: entry in s1, its argument in s2, s0 0. The frames of a backtrace end here, for frame
 * pointers (0) and for a debugger (undefined return address). */
        .globl  arch_stack_start
        .type   arch_stack_start, @function
arch_stack_start:
        .cfi_startproc
        .cfi_undefined ra
        mv      a0, s2
        jalr    s1
        ebreak
        .cfi_endproc
        .size   arch_stack_start, . - arch_stack_start

        .section .note.GNU-stack, "", @progbits
