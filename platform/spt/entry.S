# SPDX-License-Identifier: ISC
# entry.S - the first instructions of an spt image, and the note that asks for Morgana's extension.
# The tender jumps here with the boot information in rdi and rsp at the end of memory.

#define BOOT_MEM_BYTES 0                /* struct solo5_spt_boot */
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
    jb      spt_memory_is_too_small
    movq    platform_stack_pool + POOL_STACK_BYTES, %rax
    movq    platform_stack_pool + POOL_MEMORY, %rdx
    leaq    GUARD_BYTES(%rax, %rdx), %rsp
    call    spt_start
    ud2
    .size _start, . - _start

    .section .note.morgana.spt, "a", @note
    .balign 8
    .globl spt_extension_note
    .type spt_extension_note, @object
spt_extension_note:
    .long   8, 20, 0x58545053           # "SPTX"
    .asciz  "Morgana"
    .long   0                           # padding, counted by the 20 above
    .long   1                           # SPT_EXTENSION_VERSION
    .long   1112                        # sizeof (struct spt_extension)
    .quad   spt_extension
    .size spt_extension_note, . - spt_extension_note

    .section .interp, "a", @progbits    # a host kernel refuses to run the image itself
    .asciz  "/nonexistent/solo5/"

    .section .note.GNU-stack, "", @progbits
