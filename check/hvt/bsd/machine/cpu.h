// SPDX-License-Identifier: ISC
/* machine/cpu.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_MACHINE_CPU_H
#define BSD_MACHINE_CPU_H
#define CPU_TSCFREQ 16
#endif
