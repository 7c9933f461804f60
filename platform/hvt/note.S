// SPDX-License-Identifier: ISC
/* note.S - what an hvt image asks for; start.c holds the numbers against the header. */
#include "platform/solo5/note.h"

        extension_note hvt, 0x58545648, 2, 1096
