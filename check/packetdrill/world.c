// SPDX-License-Identifier: ISC
/* world.c - the clock, the lock, and who waits. */
#include "check/packetdrill/world.h"
#include "check/packetdrill/settings.h"
#include "check/packetdrill/socket.h"
#include "lib/tcp/engine.h"
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_FOR_PACKET_MAX (3600 * (nanos)NS_PER_S)
#define LOOK (2 * (nanos)NS_PER_US)
#define NUM_CONNS 64
#define NUM_PACKETS 16384

struct tcp *world_tcp;
struct packet_pool world_packets;
static struct tcp_fast_open world_fast_open;
nanos world_now = 1000 * (nanos)NS_PER_S;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
/* The call that blocks. It is `awake` from when something has come about until it waits again, or has returned and
 * packetdrill has looked at the clock. */
static struct {
    bool exists, is_awake;
    pthread_t thread;
    nanos deadline;
    unsigned num_changes;
    pid_t returning;            /* the thread of the call that returned last, until packetdrill knows; 0: it does */
} blocked;

static void start(void)
{
    const struct tcp_config cfg = {
        .num_conns = NUM_CONNS, .num_half_open = NUM_CONNS, .num_time_wait = NUM_CONNS,
        .mss_bytes = (uint16_t)(device_setting("mtu", 1500) - 40), .gso_max_bytes = 65160,
        .max_ack_delay_ms = 200, .gso_min_segments = setting("tcp_min_tso_segs", 0, 2),
        .receive_buffer_bytes = setting("tcp_rmem", 2, 15u << 20), .send_buffer_bytes = setting("tcp_wmem", 2, 4u << 20),
        .ecn = setting("tcp_ecn", 0, 0) != 0, .secret = "fifteen letters",
        .congestion = setting_is("tcp_congestion_control", "reno") ? &tcp_reno : &tcp_cubic,
    };
    size_t num_bytes = (tcp_memory_bytes(&cfg) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, num_bytes), *packets = aligned_alloc(64, NUM_PACKETS * sizeof(struct packet));
    REQUIRE(memory && packets);
    memset(memory, 0, num_bytes);
    packet_pool_init(&world_packets, packets, NUM_PACKETS);
    world_tcp = tcp_init(&cfg, (struct mspan){ memory, num_bytes }, &world_packets, world_now);
    tcp_use_fast_open(world_tcp, &world_fast_open);
    if (setting("tcp_mtu_probing", 0, 0) > 0)
        tcp_probe_path_mtu(world_tcp);
}

void world_enter(void)
{
    pthread_mutex_lock(&lock);
}
void world_start(void)
{
    if (!world_tcp)
        start();
    world_tcp->cfg.ecn = setting("tcp_ecn", 0, 0) != 0;
    socket_forget_peers();
}

static void settle(void)
{
    if (!world_tcp)
        return;
    wire_output();
    sockets_news();
    wire_output();
}

static void turn_of_the_blocked(void)
{
    if (!blocked.exists || pthread_equal(blocked.thread, pthread_self()))
        return;
    blocked.is_awake = true;
    blocked.num_changes++;
    pthread_cond_broadcast(&changed);
    while (blocked.is_awake)
        pthread_cond_wait(&changed, &lock);
    settle();
}

void world_leave(void)
{
    settle();
    turn_of_the_blocked();
    pthread_mutex_unlock(&lock);
}

bool world_wait(nanos deadline)
{
    unsigned seen = blocked.num_changes;
    settle();
    blocked.exists = true;
    blocked.thread = pthread_self();
    blocked.deadline = deadline;
    blocked.is_awake = false;
    pthread_cond_broadcast(&changed);
    while (blocked.num_changes == seen)
        pthread_cond_wait(&changed, &lock);
    return world_now < deadline;
}

void world_look(void)
{
    if (!blocked.exists || !pthread_equal(blocked.thread, pthread_self())) {
        world_advance(world_now + LOOK);
        return;
    }
    blocked.exists = blocked.is_awake = false;
    blocked.returning = gettid();
    pthread_cond_broadcast(&changed);
}

/* Asleep: it waits for its next call, as what it returned with needs nothing that another thread has now. */
static bool is_asleep(pid_t thread)
{
    char path[64], state = 'S';
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)thread);
    FILE *f = fopen(path, "re");
    if (!f)
        return true;
    (void)!fscanf(f, "%*d (%*[^)]) %c", &state);
    fclose(f);
    return state == 'S';
}
void world_let_return(void)
{
    pthread_mutex_lock(&lock);
    pid_t thread = blocked.returning;
    blocked.returning = 0;
    pthread_mutex_unlock(&lock);
    while (thread && thread != gettid() && !is_asleep(thread))
        sched_yield();
}

static nanos next_deadline(void)
{
    nanos at = world_tcp ? tcp_deadline(world_tcp) : NEVER;
    return blocked.exists ? nanos_min(at, blocked.deadline) : at;
}
static void step(nanos to)
{
    world_now = nanos_max(world_now, to);
    tcp_tick(world_tcp, world_now);
    settle();
    turn_of_the_blocked();
}

void world_advance(nanos to)
{
    for (nanos at; (at = next_deadline()) <= to && at > 0;) {
        nanos before = tcp_deadline(world_tcp);
        step(at);
        if (tcp_deadline(world_tcp) == before && before <= world_now)   /* what is due waits for the next tick of its clock */
            step(world_now + NS_PER_MS / 8);
    }
    world_now = nanos_max(world_now, to);
}

bool world_advance_to_packet(void)
{
    nanos until = world_now + WAIT_FOR_PACKET_MAX;
    while (wire_is_empty()) {
        nanos at = next_deadline();
        if (at > until)
            return false;
        world_advance(nanos_max(at, world_now + 1));
    }
    return true;
}
