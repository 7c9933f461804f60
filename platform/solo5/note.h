// SPDX-License-Identifier: ISC
/* note.h - for assembly: the note that asks for one of Morgana's extensions (abi/extension.h). A linker script KEEPs it.
 *
 *     extension_note NAME, TYPE, VERSION, BYTES       of the struct NAME_extension */
#ifndef PLATFORM_SOLO5_NOTE_H
#define PLATFORM_SOLO5_NOTE_H

        .macro  extension_note name, type, version, bytes
        .section .note.morgana.\name, "a", %note
        .balign 8
        .globl  \name\()_extension_note
        .type   \name\()_extension_note, %object
\name\()_extension_note:
        .long   8, 20, \type
        .asciz  "Morgana"
        .long   0                       /* padding, counted by the 20 above */
        .long   \version, \bytes
        .quad   \name\()_extension
        .size   \name\()_extension_note, . - \name\()_extension_note
        .section .note.GNU-stack, "", %progbits
        .endm

#endif
