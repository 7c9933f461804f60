// SPDX-License-Identifier: ISC
/* relocation.h - the note by which an image says where it holds addresses of its own, so that a tender may load it elsewhere than where
 * it was linked. It is a PT_NOTE of owner "Morgana" that lies outside what is loaded; other tenders ignore it.
 *
 * Its payload, right behind the head, lists places in ascending order, each as one number in LEB128 of at most
 * RELOCATION_NUMBER_BYTES: twice the distance from the place before it (the first: from SOLO5_IMAGE_START), plus one where the place
 * holds 64 bits and not 32. To load the image higher, so much is added at each of them, and to the addresses in the file's headers and in
 * other notes. */
#ifndef ABI_RELOCATION_H
#define ABI_RELOCATION_H
#include "abi/extension.h"

#define RELOCATION_NOTE_TYPE 0x45564f4du        /* "MOVE" */
#define RELOCATION_BYTES_MAX 65536u
#define RELOCATION_NUMBER_BYTES 5u

#endif
