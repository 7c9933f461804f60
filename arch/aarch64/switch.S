// SPDX-License-Identifier: ISC
/* The switch between two stacks. What AAPCS64 (sections 6.1.1 and 6.1.2) lets a callee keep is laid on the stack that is left:
 * x19 to x30, d8 to d15, and the control word of floating point. arch/aarch64/first_frame.c lays out the same picture for a stack that
 * never ran. */

#define FRAME_BYTES 176

        .text
/* void arch_stack_switch(void **save_sp [x0], void *sp [x1]) */
        .globl  arch_stack_switch
        .type   arch_stack_switch, %function
arch_stack_switch:
        sub     sp, sp, #FRAME_BYTES
        stp     x19, x20, [sp]
        stp     x21, x22, [sp, #16]
        stp     x23, x24, [sp, #32]
        stp     x25, x26, [sp, #48]
        stp     x27, x28, [sp, #64]
        stp     x29, x30, [sp, #80]
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        mrs     x2, fpcr
        str     x2, [sp, #160]
        mov     x3, sp
        str     x3, [x0]
        mov     sp, x1
        ldr     x3, [sp, #160]
        cmp     x2, x3
        b.eq    1f                      // writing it is slow
        msr     fpcr, x3
1:      ldp     x19, x20, [sp]
        ldp     x21, x22, [sp, #16]
        ldp     x23, x24, [sp, #32]
        ldp     x25, x26, [sp, #48]
        ldp     x27, x28, [sp, #64]
        ldp     x29, x30, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        add     sp, sp, #FRAME_BYTES
        ret
        .size   arch_stack_switch, . - arch_stack_switch

/* What a new stack returns into: entry in x19, its argument in x20, x29 0. The frames of a backtrace end here, for frame
 * pointers (0) and for a debugger (undefined return address). */
        .globl  arch_stack_start
        .type   arch_stack_start, %function
arch_stack_start:
        .cfi_startproc
        .cfi_undefined x30
        mov     x0, x20
        blr     x19
        brk     #0
        .cfi_endproc
        .size   arch_stack_start, . - arch_stack_start

        .section .note.GNU-stack, "", %progbits
