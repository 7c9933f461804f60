# SPDX-License-Identifier: ISC
# entry.S - the first instructions of an image under a Solo5 tender, which starts it with the address of the boot information in
# rdi and rsp at the end of memory.

#define BOOT_MEM_BYTES 0                /* struct solo5_spt_boot, solo5_hvt_boot */
#define POOL_MEMORY 0                   /* struct platform_stack_pool */
#define POOL_STACK_BYTES 16
#define GUARD_BYTES 4096

    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    xorl    %ebp, %ebp
    movq    $_end, %rax
    cmpq    %rax, BOOT_MEM_BYTES(%rdi)
    jb      guest_memory_is_too_small
    movq    platform_stack_pool + POOL_STACK_BYTES, %rax
    movq    platform_stack_pool + POOL_MEMORY, %rdx
    leaq    GUARD_BYTES(%rax, %rdx), %rsp
    call    guest_start
    ud2
    .size _start, . - _start

    # Keeps a host kernel from running the image as its own program.
    .section .interp, "a", @progbits
    .asciz  "/nonexistent/solo5/"

    .section .note.GNU-stack, "", @progbits
