// SPDX-License-Identifier: ISC
/* entry.S - the first instructions of an image under a Solo5 tender, which starts it with the address of the boot information in
 * x0 and sp at the end of memory. */

#define BOOT_MEM_BYTES 0                /* struct solo5_spt_boot, solo5_hvt_boot */
#define POOL_MEMORY 0                   /* struct platform_stack_pool */
#define POOL_STACK_BYTES 16
#define GUARD_BYTES 4096

        .section .text._start, "ax", %progbits
        .globl  _start
        .type   _start, %function
_start:
        mov     x29, xzr
        mov     x30, xzr
        adrp    x1, _end
        add     x1, x1, #:lo12:_end
        ldr     x2, [x0, #BOOT_MEM_BYTES]
        cmp     x2, x1
        b.hs    1f
        b       guest_memory_is_too_small
1:      adrp    x1, platform_stack_pool
        add     x1, x1, #:lo12:platform_stack_pool
        ldr     x2, [x1, #POOL_MEMORY]
        ldr     x3, [x1, #POOL_STACK_BYTES]
        add     x2, x2, x3
        add     x2, x2, #GUARD_BYTES
        mov     sp, x2
        b       guest_start
        .size   _start, . - _start

        // Keeps a host kernel from running the image as its own program.
        .section .interp, "a", %progbits
        .asciz  "/nonexistent/solo5/"

        .section .note.GNU-stack, "", %progbits
