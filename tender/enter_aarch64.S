// SPDX-License-Identifier: ISC
/* enter_aarch64.S - NORETURN void enter_guest(uint64_t entry, uint64_t stack, uint64_t boot):
 * jumps to the guest on its own stack and leaves nothing of the tender in the registers. */

        .text
        .globl  enter_guest
        .type   enter_guest, %function
enter_guest:
        mov     x16, x0
        mov     sp, x1
        mov     x0, x2
        mov     x1, xzr
        mov     x2, xzr
        mov     x3, xzr
        mov     x4, xzr
        mov     x5, xzr
        mov     x6, xzr
        mov     x7, xzr
        mov     x8, xzr
        mov     x9, xzr
        mov     x10, xzr
        mov     x11, xzr
        mov     x12, xzr
        mov     x13, xzr
        mov     x14, xzr
        mov     x15, xzr
        mov     x17, xzr
        mov     x18, xzr
        mov     x19, xzr
        mov     x20, xzr
        mov     x21, xzr
        mov     x22, xzr
        mov     x23, xzr
        mov     x24, xzr
        mov     x25, xzr
        mov     x26, xzr
        mov     x27, xzr
        mov     x28, xzr
        mov     x29, xzr
        mov     x30, xzr
        msr     tpidr_el0, xzr
        br      x16
        .size   enter_guest, . - enter_guest

        .section .note.GNU-stack, "", %progbits
