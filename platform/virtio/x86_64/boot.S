# SPDX-License-Identifier: ISC
# boot.S - the first instructions of a virtual machine: from the 32-bit entry that PVH (Xen's x86/HVM direct boot ABI) and
# Multiboot 1 share to long mode, the vectors of exceptions, and sleeping.
#
# PVH is recognised by the magic number at ebx alone: eax may hold anything, Multiboot's number included.

#define CODE_SELECTOR 0x08
#define DATA_SELECTOR 0x10
#define PVH_MAGIC 0x336ec578
#define MULTIBOOT_LOADED 0x2badb002
#define PAGE_PRESENT_WRITABLE 0x3
#define PAGE_LARGE 0x83
#define CR0_PG_WP_NE_MP_PE 0x80010023
#define CR4_PAE_SSE 0x620               /* PAE, OSFXSR, OSXMMEXCPT */
#define MSR_EFER 0xc0000080
#define EFER_NX_LONG 0x900
#define POOL_MEMORY 0                   /* struct platform_stack_pool */
#define POOL_STACK_BYTES 16
#define GUARD_BYTES 4096
#define VECTOR_BYTES 16                 /* trap.c counts in it */

# ---- Multiboot 1, in the form that gives addresses instead of ELF segments. The magic number is zero here, as QEMU would prefer
# this way to PVH; the build puts it in where a Multiboot image is wanted.
    .section .multiboot, "a", @progbits
    .balign 4
    .globl virtio_multiboot_header
virtio_multiboot_header:
    .long   0                           # 0x1badb002
    .long   0x00010002                  # flags: addresses, memory map
    .long   -(0x1badb002 + 0x00010002)
    .long   virtio_multiboot_header
    .long   _stext
    .long   _edata
    .long   _ebss
    .long   _start

    .section .note.pvh, "a", @note
    .balign 4
    .long   4, 8, 18                    # XEN_ELFNOTE_PHYS32_ENTRY
    .asciz  "Xen"
    .quad   _start

    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
    .code32
_start:
    cli
    cld
    movl    %ebx, %edi                  # what the loader tells
    xorl    %esi, %esi                  # true: as PVH
    cmpl    $PVH_MAGIC, (%ebx)
    jne     1f
    incl    %esi
    jmp     2f
1:  cmpl    $MULTIBOOT_LOADED, %eax
    jne     stop
2:  rdtsc
    movl    %eax, virtio_entry_cycles
    movl    %edx, virtio_entry_cycles + 4

    # the first GB as it is, until pages_begin
    movl    $first_p3 + PAGE_PRESENT_WRITABLE, first_p4
    movl    $first_p2 + PAGE_PRESENT_WRITABLE, first_p3
    movl    $PAGE_LARGE, %eax
    movl    $first_p2, %ecx
3:  movl    %eax, (%ecx)
    addl    $8, %ecx
    addl    $0x200000, %eax
    cmpl    $0x40000000, %eax
    jb      3b
    movl    $first_p4, %eax
    movl    %eax, %cr3
    movl    $CR4_PAE_SSE, %eax
    movl    %eax, %cr4
    movl    $MSR_EFER, %ecx
    rdmsr
    orl     $EFER_NX_LONG, %eax
    wrmsr
    movl    $CR0_PG_WP_NE_MP_PE, %eax
    movl    %eax, %cr0
    lgdt    gdt_register
    ljmp    $CODE_SELECTOR, $4f
stop:
    hlt
    jmp     stop

    .code64
4:  movl    $DATA_SELECTOR, %eax
    movl    %eax, %ds
    movl    %eax, %es
    movl    %eax, %ss
    xorl    %eax, %eax
    movl    %eax, %fs
    movl    %eax, %gs
    movl    %edi, %edi
    movq    platform_stack_pool + POOL_STACK_BYTES, %rax
    movq    platform_stack_pool + POOL_MEMORY, %rdx
    leaq    GUARD_BYTES(%rax, %rdx), %rsp
    xorl    %ebp, %ebp
    call    virtio_start
    ud2
    .size _start, . - _start

    .section .rodata.gdt, "a", @progbits
    .balign 8
gdt_register:
    .word   5 * 8 - 1
    .quad   virtio_gdt

    .section .data.gdt, "aw", @progbits
    .balign 8
    .globl virtio_gdt
virtio_gdt:                             # the last two are the task state segment, filled in by virtio_traps_init
    .quad   0, 0x00209b0000000000, 0x0000930000000000, 0, 0

# ---- Exceptions. The frame that machine_fault gets: struct machine_fault.
    .text
        .macro  vector number, has_code=0
    .balign VECTOR_BYTES
    .if \has_code == 0
    pushq   $0
    .endif
    pushq   $\number
    jmp     trapped
    .endm

    .balign VECTOR_BYTES
    .globl virtio_vectors
virtio_vectors:
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
    vector  \n
    .endr
    vector  8, 1
    vector  9
    .irp    n, 10, 11, 12, 13, 14
    vector  \n, 1
    .endr
    vector  15
    vector  16
    vector  17, 1
    .irp    n, 18, 19, 20
    vector  \n
    .endr
    vector  21, 1
    .irp    n, 22, 23, 24, 25, 26, 27, 28
    vector  \n
    .endr
    vector  29, 1
    vector  30, 1
    vector  31

    .type trapped, @function
trapped:
    pushq   %r15
    pushq   %r14
    pushq   %r13
    pushq   %r12
    pushq   %r11
    pushq   %r10
    pushq   %r9
    pushq   %r8
    pushq   %rbp
    pushq   %rdi
    pushq   %rsi
    pushq   %rdx
    pushq   %rcx
    pushq   %rbx
    pushq   %rax
    cld
    movq    %rsp, %rdi
    fxsave64 floating_point             # memory that appears is cleared behind the back of whoever touches it
    call    machine_fault
    fxrstor64 floating_point
    popq    %rax
    popq    %rbx
    popq    %rcx
    popq    %rdx
    popq    %rsi
    popq    %rdi
    popq    %rbp
    popq    %r8
    popq    %r9
    popq    %r10
    popq    %r11
    popq    %r12
    popq    %r13
    popq    %r14
    popq    %r15
    addq    $16, %rsp
    iretq
    .size trapped, . - trapped

# ---- Sleeping. Interrupts are open between sti and the one that ends the hlt, and nowhere else: its handler goes on where
# virtio_sleep was called, with interrupts closed as its gate left them. Caller-saved registers are the caller's loss.
    .globl virtio_sleep
    .type virtio_sleep, @function
virtio_sleep:
    sti
    hlt
    jmp     virtio_sleep
    .size virtio_sleep, . - virtio_sleep

    .globl virtio_device_interrupt, virtio_power_interrupt, virtio_interrupt
virtio_device_interrupt:
    movb    $1, virtio_device_interrupted
    jmp     virtio_interrupt
virtio_power_interrupt:
    movb    $1, virtio_power_interrupted
    .type virtio_interrupt, @function
virtio_interrupt:
    movq    24(%rsp), %rsp
    ret
    .size virtio_interrupt, . - virtio_interrupt

    .section .bss.floating_point, "aw", @nobits
    .balign 16
floating_point:
    .skip   512

    .section .bss.first_tables, "aw", @nobits
    .balign 4096
first_p4:
    .skip   4096
first_p3:
    .skip   4096
first_p2:
    .skip   4096
    .globl virtio_entry_cycles
    .balign 8
virtio_entry_cycles:
    .skip   8

    .section .note.GNU-stack, "", @progbits
