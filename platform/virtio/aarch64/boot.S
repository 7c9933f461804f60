// SPDX-License-Identifier: ISC
/* boot.S - the first instructions of a virtual machine (Linux, Documentation/arm64/booting.rst): at EL2 or EL1 with translation off,
 * x0 leads to the device tree. Goes on at EL1 on SP_EL0 with the first 4 GB as they are: registers of devices, then memory. */

#define EL2 8
#define HCR_64_BIT (1 << 31)
#define CNTHCTL_COUNTERS 3
#define CPTR_NO_TRAPS 0x33ff
#define SRE_ON 0xf                      /* ICC_SRE_EL2 */
#define SPSR_EL1H_MASKED 0x3c5
#define FPEN (3 << 20)
#define SCTLR_OFF 0x30d00800
#define SCTLR_ON 0x30d0180d             /* M, C, SA, I */
#define MAIR 0x04ff
#define TCR 0x803519                    /* 39 bits; arch/aarch64/machine.c has the same */
#define BLOCK_DEVICE 0x60000000000405   /* not executed */
#define BLOCK_MEMORY 0x701
#define GIGABYTE 0x40000000
#define POOL_MEMORY 0                   /* struct platform_stack_pool */
#define POOL_STACK_BYTES 16
#define GUARD_BYTES 4096

        .section .text._start, "ax", %progbits
        .globl  _start
_start:
        b       1f
        .long   0
        .quad   0x80000                 // from the beginning of memory, which is a multiple of 2 MB
        .quad   _image_bytes
        .quad   2                       // little-endian, pages of 4 KB
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .long   0

1:      msr     daifset, #0xf
        mov     x19, x0
        mrs     x0, CurrentEL
        cmp     x0, #EL2
        b.ne    2f
        mov     x0, #HCR_64_BIT
        msr     hcr_el2, x0
        mov     x0, #CNTHCTL_COUNTERS
        msr     cnthctl_el2, x0
        msr     cntvoff_el2, xzr
        mov     x0, #CPTR_NO_TRAPS
        msr     cptr_el2, x0
        mrs     x0, id_aa64pfr0_el1
        ubfx    x0, x0, #24, #4
        cbz     x0, 3f                  // no registers of the interrupt controller
        mov     x0, #SRE_ON
        msr     s3_4_c12_c9_5, x0
        isb
3:      ldr     x0, =SCTLR_OFF
        msr     sctlr_el1, x0
        mov     x0, #SPSR_EL1H_MASKED
        msr     spsr_el2, x0
        adr     x0, 2f
        msr     elr_el2, x0
        eret

2:      mrs     x20, cntvct_el0
        mov     x0, #FPEN
        msr     cpacr_el1, x0
        isb

        // the table: nothing but four gigabytes; lines of it that caches hold are of an earlier life
        adrp    x1, first_table
        mov     x2, x1
        add     x3, x1, #4096
4:      stp     xzr, xzr, [x2], #16
        cmp     x2, x3
        b.lo    4b
        ldr     x2, =BLOCK_DEVICE
        ldr     x3, =BLOCK_MEMORY + GIGABYTE
        mov     x4, #GIGABYTE
        stp     x2, x3, [x1]
        add     x2, x3, x4
        add     x3, x2, x4
        stp     x2, x3, [x1, #16]
        dmb     sy
        dc      ivac, x1
        dsb     sy

        ldr     x0, =MAIR
        msr     mair_el1, x0
        ldr     x0, =TCR
        msr     tcr_el1, x0
        msr     ttbr0_el1, x1
        isb
        tlbi    vmalle1
        ic      iallu
        dsb     nsh
        isb
        ldr     x0, =SCTLR_ON
        msr     sctlr_el1, x0
        isb

        adrp    x1, _bss_begin
        adrp    x2, _bss_end
        bl      clear
        adrp    x1, _rest_begin
        adrp    x2, _rest_end
        bl      clear
        adrp    x0, virtio_entry_cycles
        str     x20, [x0, #:lo12:virtio_entry_cycles]

        msr     spsel, #0
        adrp    x0, platform_stack_pool
        add     x0, x0, #:lo12:platform_stack_pool
        ldr     x1, [x0, #POOL_MEMORY]
        ldr     x2, [x0, #POOL_STACK_BYTES]
        add     x1, x1, x2
        add     x1, x1, #GUARD_BYTES
        mov     sp, x1
        mov     x29, xzr
        mov     x30, xzr
        mov     x0, x19
        b       virtio_start

clear:                                  // whole pages, from x1 to x2
        cmp     x1, x2
        b.hs    5f
        stp     xzr, xzr, [x1], #16
        stp     xzr, xzr, [x1], #16
        stp     xzr, xzr, [x1], #16
        stp     xzr, xzr, [x1], #16
        b       clear
5:      ret
        .ltorg

/* Ends the machine where its owner listens, by Arm's semihosting; else an exception of an unknown instruction. */
        .text
        .globl  virtio_semihosting
        .type   virtio_semihosting, %function
virtio_semihosting:
        hlt     #0xf000
        ret
        .size   virtio_semihosting, . - virtio_semihosting

        .globl  virtio_sleep
        .type   virtio_sleep, %function
/* Until an interrupt is pending: it is not taken, as those stay closed. */
virtio_sleep:
        dsb     sy
        wfi
        ret
        .size   virtio_sleep, . - virtio_sleep

        .section .bss.virtio_entry_cycles, "aw", %nobits
        .balign 8
        .globl  virtio_entry_cycles
virtio_entry_cycles:
        .skip   8

        .section .first_table, "aw", %nobits
        .balign 4096
first_table:
        .skip   4096

        .section .note.GNU-stack, "", %progbits
