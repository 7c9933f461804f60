# SPDX-License-Identifier: ISC
# note.S - the note that asks for Morgana's extension. A linker script KEEPs it.

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

    .section .note.GNU-stack, "", @progbits
