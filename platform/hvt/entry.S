# SPDX-License-Identifier: ISC
# entry.S - the first instructions of an hvt image, and the note that asks for Morgana's extension.
# The tender starts here in 64-bit mode with the boot information in rdi and rsp at the end of memory.

#define BOOT_MEM_BYTES 0                /* struct solo5_hvt_boot */
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
    jb      hvt_memory_is_too_small
    movq    platform_stack_pool + POOL_STACK_BYTES, %rax
    movq    platform_stack_pool + POOL_MEMORY, %rdx
    leaq    GUARD_BYTES(%rax, %rdx), %rsp
    call    hvt_start
    ud2
    .size _start, . - _start

    .section .note.morgana.hvt, "a", @note
    .balign 8
    .globl hvt_extension_note
    .type hvt_extension_note, @object
hvt_extension_note:
    .long   8, 20, 0x58545648           # "HVTX"
    .asciz  "Morgana"
    .long   0                           # padding, counted by the 20 above
    .long   1                           # HVT_EXTENSION_VERSION
    .long   1096                        # sizeof (struct hvt_extension)
    .quad   hvt_extension
    .size hvt_extension_note, . - hvt_extension_note

    # Keeps a host kernel from running the image as its own program.
    .section .interp, "a", @progbits
    .asciz  "/nonexistent/solo5/"

    .section .note.GNU-stack, "", @progbits
