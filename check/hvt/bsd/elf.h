// SPDX-License-Identifier: ISC
/* elf.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_ELF_H
#define BSD_ELF_H
#include "abi/elf64.h"
typedef struct { Elf64_Word n_namesz, n_descsz, n_type; } Elf64_Nhdr;
_Static_assert(sizeof(Elf64_Nhdr) == 12, "ELF-64");
#define ET_CORE 4
#define NT_PRSTATUS 1
#endif
