// SPDX-License-Identifier: ISC
/* trap.S - the exception vectors (Arm ARM, section D1.3.1): all sixteen do the same, on SP_EL1: they lay down a
 * struct machine_fault, whose layout machine.c gives. */

#define FRAME_BYTES 816
#define SP_AT 248
#define PC_AT 256
#define SYNDROME_AT 272
#define VECTORS_AT 288
#define FPSR_AT 800
#define FPCR_AT 808

        .text
        .balign 2048
        .globl  machine_vectors
        .type   machine_vectors, %object
machine_vectors:
        .rept   16
        .balign 128
        sub     sp, sp, #FRAME_BYTES
        stp     x0, x1, [sp]
        b       trapped
        .endr
        .size   machine_vectors, . - machine_vectors

        .macro  each_vector move
        \move   q0, q1, [x9, #0]
        \move   q2, q3, [x9, #32]
        \move   q4, q5, [x9, #64]
        \move   q6, q7, [x9, #96]
        \move   q8, q9, [x9, #128]
        \move   q10, q11, [x9, #160]
        \move   q12, q13, [x9, #192]
        \move   q14, q15, [x9, #224]
        \move   q16, q17, [x9, #256]
        \move   q18, q19, [x9, #288]
        \move   q20, q21, [x9, #320]
        \move   q22, q23, [x9, #352]
        \move   q24, q25, [x9, #384]
        \move   q26, q27, [x9, #416]
        \move   q28, q29, [x9, #448]
        \move   q30, q31, [x9, #480]
        .endm

        .type   trapped, %function
trapped:
        stp     x2, x3, [sp, #16]
        stp     x4, x5, [sp, #32]
        stp     x6, x7, [sp, #48]
        stp     x8, x9, [sp, #64]
        stp     x10, x11, [sp, #80]
        stp     x12, x13, [sp, #96]
        stp     x14, x15, [sp, #112]
        stp     x16, x17, [sp, #128]
        stp     x18, x19, [sp, #144]
        stp     x20, x21, [sp, #160]
        stp     x22, x23, [sp, #176]
        stp     x24, x25, [sp, #192]
        stp     x26, x27, [sp, #208]
        stp     x28, x29, [sp, #224]
        mrs     x0, sp_el0
        stp     x30, x0, [sp, #240]
        mrs     x0, elr_el1
        mrs     x1, spsr_el1
        stp     x0, x1, [sp, #PC_AT]
        mrs     x0, esr_el1
        mrs     x1, far_el1
        stp     x0, x1, [sp, #SYNDROME_AT]
        add     x9, sp, #VECTORS_AT
        each_vector stp
        mrs     x0, fpsr
        mrs     x1, fpcr
        str     x0, [sp, #FPSR_AT]
        str     x1, [sp, #FPCR_AT]
        mov     x0, sp
        mov     x29, xzr
        bl      machine_fault
        add     x9, sp, #VECTORS_AT
        ldr     x0, [sp, #FPSR_AT]
        ldr     x1, [sp, #FPCR_AT]
        msr     fpsr, x0
        msr     fpcr, x1
        each_vector ldp
        ldr     x0, [sp, #SP_AT]
        msr     sp_el0, x0
        ldp     x0, x1, [sp, #PC_AT]
        msr     elr_el1, x0
        msr     spsr_el1, x1
        ldp     x2, x3, [sp, #16]
        ldp     x4, x5, [sp, #32]
        ldp     x6, x7, [sp, #48]
        ldp     x8, x9, [sp, #64]
        ldp     x10, x11, [sp, #80]
        ldp     x12, x13, [sp, #96]
        ldp     x14, x15, [sp, #112]
        ldp     x16, x17, [sp, #128]
        ldp     x18, x19, [sp, #144]
        ldp     x20, x21, [sp, #160]
        ldp     x22, x23, [sp, #176]
        ldp     x24, x25, [sp, #192]
        ldp     x26, x27, [sp, #208]
        ldp     x28, x29, [sp, #224]
        ldr     x30, [sp, #240]
        ldp     x0, x1, [sp]
        add     sp, sp, #FRAME_BYTES
        eret
        .size   trapped, . - trapped

        .section .note.GNU-stack, "", %progbits
