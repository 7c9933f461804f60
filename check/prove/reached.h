// SPDX-License-Identifier: ISC
/* reached.h - for Eva, a panic that an input may reach is an alarm. */
#ifndef CHECK_PROVE_REACHED_H
#define CHECK_PROVE_REACHED_H
/*@ requires reached: \false;
    assigns \nothing;
    ensures \false; */
void panic(const char *file, int line, const char *what);
#endif
