// SPDX-License-Identifier: ISC
/* The switch between two stacks. What the System V ABI (x86-64 psABI section 3.2.1) lets a callee keep is
 * pushed on the stack that is left: rbp, rbx, r12..r15, and the control words of SSE and x87.
 * arch/x86_64/first_frame.c lays out the same picture for a stack that never ran. */

        .text
/* void arch_stack_switch(void **save_sp [rdi], void *sp [rsi]) */
        .globl  arch_stack_switch
        .type   arch_stack_switch, @function
arch_stack_switch:
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        subq    $8, %rsp
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        ldmxcsr (%rsp)
        fldcw   4(%rsp)
        addq    $8, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .size   arch_stack_switch, . - arch_stack_switch

/* What a new stack returns into: entry in r12, its argument in r13, rbp 0. The frames of a backtrace end
 * here, for frame pointers (0) and for a debugger (undefined return address). */
        .globl  arch_stack_start
        .type   arch_stack_start, @function
arch_stack_start:
        .cfi_startproc
        .cfi_undefined rip
        movq    %r13, %rdi
        call    *%r12
        ud2
        .cfi_endproc
        .size   arch_stack_start, . - arch_stack_start

        .section .note.GNU-stack, "", @progbits
