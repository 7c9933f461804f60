# SPDX-License-Identifier: ISC
# enter_x86_64.S - NORETURN void enter_guest(uint64_t entry, uint64_t stack, uint64_t boot):
# jumps to the guest on its own stack and leaves nothing of the tender in the registers.

    .text
    .globl enter_guest
    .type enter_guest, @function
enter_guest:
    movq    %rdi, %rax
    movq    %rsi, %rsp
    movq    %rdx, %rdi
    xorl    %ebx, %ebx
    xorl    %ecx, %ecx
    xorl    %edx, %edx
    xorl    %esi, %esi
    xorl    %ebp, %ebp
    xorl    %r8d, %r8d
    xorl    %r9d, %r9d
    xorl    %r10d, %r10d
    xorl    %r11d, %r11d
    xorl    %r12d, %r12d
    xorl    %r13d, %r13d
    xorl    %r14d, %r14d
    xorl    %r15d, %r15d
    cld
    jmp     *%rax
    .size enter_guest, . - enter_guest

    .section .note.GNU-stack, "", @progbits
