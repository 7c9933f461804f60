// SPDX-License-Identifier: ISC
/* gdb_serve.c - packets: $COMMAND#CHECKSUM, each answered by + or - and then by a packet. */
#include "tender/gdb_serve.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define INTERRUPT 3

/* ---- Opening */

static void ignore_signal(int number)
{
    (void)number;
}

/* The signal only wakes a running CPU. */
static void wake_on_input(int fd)
{
    struct sigaction action = { .sa_handler = ignore_signal };
    (void)sigaction(SIGIO, &action, NULL);
    (void)fcntl(fd, F_SETOWN, getpid());
    (void)fcntl(fd, F_SETFL, O_ASYNC);
}

err debugger_open(struct debugger *d, uint16_t port, struct message *why)
{
    const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port),
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int yes = 1, s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    d->fd = -1;
    (void)setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (s < 0 || bind(s, (const struct sockaddr *)(const void *)&address, sizeof address) != 0 || listen(s, 1) != 0)
        return refuse(why, E_IN_USE, "--gdb: port %u: %s: give another by --gdb-port", port, strerror(errno));
    do
        d->fd = accept(s, NULL, NULL);
    while (d->fd < 0 && errno == EINTR);
    (void)close(s);
    if (d->fd < 0)
        return refuse(why, E_IO, "--gdb: %s", strerror(errno));
    (void)setsockopt(d->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    wake_on_input(d->fd);
    return OK;
}

/* ---- Bytes. A debugger that goes away leaves the guest to itself. */

static void lose(struct debugger *d)
{
    d->fd = -1;
    gdb_remove_breakpoints(&d->gdb);
}

static bool fill(struct debugger *d, int flags)
{
    ssize_t n = -1;
    while (d->fd >= 0) {
        n = recv(d->fd, d->in, sizeof d->in, flags);
        if (n >= 0 || errno != EINTR)
            break;
    }
    if (n == 0 || (n < 0 && errno != EAGAIN))
        lose(d);
    d->unread = span_first(SPAN(d->in), n > 0 ? (size_t)n : 0);
    return n > 0;
}

static bool next_byte(struct debugger *d, uint8_t *out)
{
    if (d->unread.n == 0 && !fill(d, 0))
        return false;
    *out = span_at(d->unread, 0);
    d->unread = span_skip(d->unread, 1);
    return true;
}

static void send_bytes(struct debugger *d, struct span bytes)
{
    while (bytes.n > 0 && d->fd >= 0) {
        ssize_t n = send(d->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n > 0)
            bytes = span_skip(bytes, (size_t)n);
        else if (errno != EINTR)
            lose(d);
    }
}

/* ---- Packets */

static uint8_t checksum(struct span text)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < text.n; i++)
        sum = (uint8_t)(sum + span_at(text, i));
    return sum;
}

static void send_packet(struct debugger *d, struct span text)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t packet[GDB_COMMAND_BYTES + 4], sum = checksum(text);
    struct wr w = wr_of(MSPAN(packet));
    wr_u8(&w, '$');
    wr_bytes(&w, text);
    wr_u8(&w, '#');
    wr_u8(&w, (uint8_t)digits[sum >> 4]);
    wr_u8(&w, (uint8_t)digits[sum & 15]);
    send_bytes(d, wr_done(&w));
}

/* false: the debugger is gone. A command that is too long comes out cut, and is not known. */
static bool receive_packet(struct debugger *d, struct mspan storage, struct span *command)
{
    struct wr w = wr_of(storage);
    uint8_t byte = 0, sum[2];
    do
        if (!next_byte(d, &byte))
            return false;
    while (byte != '$');
    while (next_byte(d, &byte) && byte != '#')
        wr_u8(&w, byte);
    if (!next_byte(d, &sum[0]) || !next_byte(d, &sum[1]))   /* TCP does not garble */
        return false;
    send_bytes(d, TEXT("+"));
    *command = wr_done(&w);
    return true;
}

/* ---- The stopped guest */

static void take_registers(struct debugger *d, struct vm *vm)
{
    d->gdb.memory = vm->memory;
    d->gdb.registers_changed = false;
    if (!vm_get_registers(vm, &d->gdb.registers))
        d->gdb.registers = (struct vm_registers){ 0 };
}

static bool give_back(struct debugger *d, struct vm *vm, enum gdb_next next)
{
    if (d->gdb.registers_changed && !vm_set_registers(vm, &d->gdb.registers))
        return false;
    if (next == GDB_DETACH)
        lose(d);
    return next != GDB_KILL && vm_step(vm, next == GDB_STEP);
}

bool debugger_serve(struct debugger *d, struct vm *vm, unsigned signal)
{
    static uint8_t command_bytes[GDB_COMMAND_BYTES], answer_bytes[GDB_COMMAND_BYTES];
    static bool was_told_to_go;
    enum gdb_next next = GDB_STAY;
    struct span command;
    take_registers(d, vm);
    d->gdb.signal = signal;
    if (was_told_to_go) {
        struct wr answer = wr_of(MSPAN(answer_bytes));
        gdb_say_stop(&d->gdb, &answer);
        send_packet(d, wr_done(&answer));
    }
    while (next == GDB_STAY && receive_packet(d, MSPAN(command_bytes), &command)) {
        struct wr answer = wr_of(MSPAN(answer_bytes));
        next = gdb_command(&d->gdb, command, &answer);
        if (next == GDB_STAY || next == GDB_DETACH)
            send_packet(d, wr_done(&answer));
    }
    was_told_to_go = true;
    return give_back(d, vm, next == GDB_STAY ? GDB_DETACH : next);
}

bool debugger_hit_breakpoint(struct debugger *d, struct vm *vm)
{
    struct vm_registers r;
    return d->fd >= 0 && vm_get_registers(vm, &r) && gdb_hit_breakpoint(&d->gdb, &r) && vm_set_registers(vm, &r);
}

bool debugger_interrupts(struct debugger *d)
{
    if (d->fd < 0 || (d->unread.n == 0 && !fill(d, MSG_DONTWAIT)))
        return false;
    bool interrupts = span_find(d->unread, INTERRUPT) < d->unread.n;
    d->unread = (struct span){ 0 };     /* while the guest runs nothing else is said */
    return interrupts;
}

void debugger_say_end(struct debugger *d, int status)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t text[] = { 'W', (uint8_t)digits[status >> 4 & 15], (uint8_t)digits[status & 15] };
    if (d->fd >= 0)
        send_packet(d, SPAN(text));
}
