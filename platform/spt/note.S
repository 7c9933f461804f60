# SPDX-License-Identifier: ISC
# note.S - the note that asks for Morgana's extension. A linker script KEEPs it.

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

    .section .note.GNU-stack, "", @progbits
