// SPDX-License-Identifier: ISC
/* trap.S - the one entry for faults: lays down a struct machine_fault, whose layout machine.c gives, on a stack of its own. While it is
 * looked at, sscratch leads below that: a fault of the fault gets there and does not write over it. */

#define FRAME_BYTES 560
#define SP_AT 16
#define PC_AT 256
#define STATUS_AT 264
#define CAUSE_AT 272
#define ADDRESS_AT 280
#define FLOATS_AT 288
#define FCSR_AT 544

        .macro  registers move, move_float
        \move   x1, 8(sp)
        \move   x3, 24(sp)
        \move   x4, 32(sp)
        \move   x5, 40(sp)
        \move   x6, 48(sp)
        \move   x7, 56(sp)
        \move   x8, 64(sp)
        \move   x9, 72(sp)
        \move   x10, 80(sp)
        \move   x11, 88(sp)
        \move   x12, 96(sp)
        \move   x13, 104(sp)
        \move   x14, 112(sp)
        \move   x15, 120(sp)
        \move   x16, 128(sp)
        \move   x17, 136(sp)
        \move   x18, 144(sp)
        \move   x19, 152(sp)
        \move   x20, 160(sp)
        \move   x21, 168(sp)
        \move   x22, 176(sp)
        \move   x23, 184(sp)
        \move   x24, 192(sp)
        \move   x25, 200(sp)
        \move   x26, 208(sp)
        \move   x27, 216(sp)
        \move   x28, 224(sp)
        \move   x29, 232(sp)
        \move   x30, 240(sp)
        \move   x31, 248(sp)
        \move_float f0, 288(sp)
        \move_float f1, 296(sp)
        \move_float f2, 304(sp)
        \move_float f3, 312(sp)
        \move_float f4, 320(sp)
        \move_float f5, 328(sp)
        \move_float f6, 336(sp)
        \move_float f7, 344(sp)
        \move_float f8, 352(sp)
        \move_float f9, 360(sp)
        \move_float f10, 368(sp)
        \move_float f11, 376(sp)
        \move_float f12, 384(sp)
        \move_float f13, 392(sp)
        \move_float f14, 400(sp)
        \move_float f15, 408(sp)
        \move_float f16, 416(sp)
        \move_float f17, 424(sp)
        \move_float f18, 432(sp)
        \move_float f19, 440(sp)
        \move_float f20, 448(sp)
        \move_float f21, 456(sp)
        \move_float f22, 464(sp)
        \move_float f23, 472(sp)
        \move_float f24, 480(sp)
        \move_float f25, 488(sp)
        \move_float f26, 496(sp)
        \move_float f27, 504(sp)
        \move_float f28, 512(sp)
        \move_float f29, 520(sp)
        \move_float f30, 528(sp)
        \move_float f31, 536(sp)
        .endm

        .text
        .balign 4
        .globl  machine_trap
        .type   machine_trap, @function
machine_trap:
        csrrw   sp, sscratch, sp
        addi    sp, sp, -FRAME_BYTES
        registers sd, fsd
        csrr    t0, sscratch
        sd      t0, SP_AT(sp)
        csrr    t0, sepc
        sd      t0, PC_AT(sp)
        csrr    t0, sstatus
        sd      t0, STATUS_AT(sp)
        csrr    t0, scause
        sd      t0, CAUSE_AT(sp)
        csrr    t0, stval
        sd      t0, ADDRESS_AT(sp)
        frcsr   t0
        sd      t0, FCSR_AT(sp)
        mv      a0, sp
        csrw    sscratch, sp
        li      s0, 0
        call    machine_fault
        ld      t0, SP_AT(sp)
        csrw    sscratch, t0
        ld      t0, PC_AT(sp)
        csrw    sepc, t0
        ld      t0, STATUS_AT(sp)
        csrw    sstatus, t0
        ld      t0, FCSR_AT(sp)
        fscsr   t0
        registers ld, fld
        addi    sp, sp, FRAME_BYTES
        csrrw   sp, sscratch, sp
        sret
        .size   machine_trap, . - machine_trap

        .section .note.GNU-stack, "", @progbits
