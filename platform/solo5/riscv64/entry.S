# SPDX-License-Identifier: ISC
# entry.S - the first instructions of an image under a Solo5 tender, which starts it with the address of the boot information in
# a0 and sp at the end of memory.

#define BOOT_MEM_BYTES 0                /* struct solo5_spt_boot */
#define POOL_MEMORY 0                   /* struct platform_stack_pool */
#define POOL_STACK_BYTES 16
#define GUARD_BYTES 4096

        .section .text._start, "ax", @progbits
        .globl  _start
        .type   _start, @function
_start:
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        li      s0, 0
        li      ra, 0
        la      t0, _end
        ld      t1, BOOT_MEM_BYTES(a0)
        bgeu    t1, t0, 1f
        tail    guest_memory_is_too_small
1:      la      t0, platform_stack_pool
        ld      t1, POOL_MEMORY(t0)
        ld      t2, POOL_STACK_BYTES(t0)
        li      t3, GUARD_BYTES
        add     t1, t1, t2
        add     sp, t1, t3
        tail    guest_start
        .size   _start, . - _start

        # Keeps a host kernel from running the image as its own program.
        .section .interp, "a", @progbits
        .asciz  "/nonexistent/solo5/"

        .section .note.GNU-stack, "", @progbits
