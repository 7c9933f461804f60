// SPDX-License-Identifier: ISC
/* note.S - what an spt image asks for; start.c holds the numbers against the header. */
#include "platform/solo5/note.h"

        extension_note spt, 0x58545053, 2, 1112
