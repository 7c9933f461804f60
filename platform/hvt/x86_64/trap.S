# SPDX-License-Identifier: ISC
# trap.S - the entries of the 32 faults, 16 bytes each, on the stack for faults: the CPU has pushed ss, rsp, rflags, cs, rip
# and, for some, an error code. Together with the registers they are a struct machine_fault. Nobody returns.

    .text
    .balign 16
    .globl machine_traps
    .type machine_traps, @object
machine_traps:
    .set vector, 0
    .rept 32
    .balign 16
    .if (vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30)
    .else
    pushq   $0
    .endif
    pushq   $vector
    jmp     trap
    .set vector, vector + 1
    .endr
    .size machine_traps, . - machine_traps

    .type trap, @function
trap:
    pushq   %rax
    pushq   %rcx
    pushq   %rdx
    pushq   %rbx
    pushq   %rbp
    pushq   %rsi
    pushq   %rdi
    pushq   %r8
    pushq   %r9
    pushq   %r10
    pushq   %r11
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %r15
    movq    %rsp, %rdi
    xorl    %ebp, %ebp
    cld
    andq    $-16, %rsp
    call    machine_fault
    ud2
    .size trap, . - trap

    .section .note.GNU-stack, "", @progbits
