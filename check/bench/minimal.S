# SPDX-License-Identifier: ISC
# minimal.S - the least that a PVH loader starts: it ends QEMU by isa-debug-exit at port 0x501, as our images do that succeed.
        .section .note, "a", @note
        .long   4, 8, 18
        .asciz  "Xen"
        .quad   entry
        .text
        .code32
        .globl  entry
entry:  movw    $0x501, %dx
        xorl    %eax, %eax
        outl    %eax, %dx
        hlt
