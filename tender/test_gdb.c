// SPDX-License-Identifier: ISC
/* What a debugger says and is told, against recorded registers and memory. */
#include "check/test.h"
#include "tender/gdb.h"

static struct gdb g;
static uint8_t memory[256], answer_bytes[GDB_COMMAND_BYTES];
static struct span answer;

static void fresh(void)
{
    for (size_t i = 0; i < sizeof memory; i++)
        memory[i] = (uint8_t)i;
    g = (struct gdb){ .memory = MSPAN(memory), .signal = GDB_SIGTRAP };
    for (size_t i = 0; i < register_table.place.n; i++)
        g.registers.value[i] = 0x1122334455667700 + i;
}
static enum gdb_next say(const char *text)
{
    struct wr w = wr_of(MSPAN(answer_bytes));
    enum gdb_next next = gdb_command(&g, span_of_str(text), &w);
    answer = wr_done(&w);
    return next;
}

TEST(a_stop_says_its_signal)
{
    fresh();
    EQ(say("?"), GDB_STAY);
    SPAN_EQ(answer, "S05");
}

TEST(all_registers_come_in_gdb_s_widths_and_go_back)
{
    uint8_t set[1 + 2 * REGISTERS_MAX * 8] = { 'G' };
    fresh();
    EQ(say("g"), GDB_STAY);
    EQ(answer.n, 2 * (17 * 8 + 7 * 4));
    SPAN_EQ(span_first(answer, 16), "0077665544332211");
    SPAN_EQ(span_sub(answer, 2 * 17 * 8, 8), "11776655");
    struct wr w = wr_of(MSPAN(set));
    wr_u8(&w, 'G');
    wr_bytes(&w, answer);
    g.registers = (struct vm_registers){ 0 };
    struct wr out = wr_of(MSPAN(answer_bytes));
    EQ(gdb_command(&g, wr_done(&w), &out), GDB_STAY);
    SPAN_EQ(wr_done(&out), "OK");
    EQ(g.registers.value[3], 0x1122334455667703);
    EQ(g.registers.value[17], 0x55667711);
    TRUE(g.registers_changed);
}

TEST(one_register_is_read_and_written)
{
    fresh();
    (void)say("p10");
    SPAN_EQ(answer, "1077665544332211");
    (void)say("P10=0100000000000000");
    SPAN_EQ(answer, "OK");
    EQ(g.registers.value[16], 1);
    static const char *const wrong[] = { "p", "p18", "p-1", "pg", "p11111111111111111", "P10", "P10=", "P10=01", "P18=00", "P=0" };
    for (size_t i = 0; i < NUM_OF(wrong); i++) {
        (void)say(wrong[i]);
        SPAN_EQ(answer, "E01");
    }
}

TEST(memory_is_read_and_written_where_there_is_memory)
{
    fresh();
    (void)say("m10,4");
    SPAN_EQ(answer, "10111213");
    (void)say("Mfe,2:abCD");
    SPAN_EQ(answer, "OK");
    TRUE(memory[254] == 0xab && memory[255] == 0xcd);
    static const char *const wrong[] = { "m", "m0", "m0,", "m,1", "mff,2", "m100,1", "mffffffffffffffff,2", "m0,ffffffffffffffff",
        "m0,1x", "M0,1", "M0,1:", "M0,1:0", "M0,1:0g", "Mff,2:0000", "Mffffffffffffffff,1:00" };
    for (size_t i = 0; i < NUM_OF(wrong); i++) {
        (void)say(wrong[i]);
        SPAN_EQ(answer, "E01");
    }
}

TEST(numbers_have_sixteen_digits_at_most_and_ranges_may_be_empty)
{
    fresh();
    (void)say("m0000000000000010,1");
    SPAN_EQ(answer, "10");
    (void)say("m00000000000000010,1");
    SPAN_EQ(answer, "E01");
    (void)say("m100,0");
    SPAN_EQ(answer, "");
}

TEST(an_answer_holds_as_much_memory_as_fits)
{
    static uint8_t large[GDB_COMMAND_BYTES];
    const unsigned most = (GDB_COMMAND_BYTES - 1) / 2;
    char text[16];
    fresh();
    g.memory = MSPAN(large);
    (void)snprintf(text, sizeof text, "m0,%x", most);
    (void)say(text);
    EQ(answer.n, 2 * most);
    (void)snprintf(text, sizeof text, "m0,%x", most + 1);
    (void)say(text);
    SPAN_EQ(answer, "E01");
}

TEST(memory_around_breakpoints_is_as_it_is)
{
    fresh();
    memory[0] = 0x77;                   /* where breakpoints that are not set are */
    (void)say("Z0,20,1");
    (void)say("m0,1");
    SPAN_EQ(answer, "77");
    (void)say("m1f,3");
    SPAN_EQ(answer, "1f2021");
}

TEST(breakpoints_change_an_instruction_and_are_not_seen)
{
    struct vm_registers r = { 0 };
    fresh();
    (void)say("Z0,20,1");
    SPAN_EQ(answer, "OK");
    EQ(memory[0x20], 0xf4);
    (void)say("m20,1");
    SPAN_EQ(answer, "20");
    r.value[register_table.pc] = 0x21;
    TRUE(gdb_hit_breakpoint(&g, &r));
    EQ(r.value[register_table.pc], 0x20);
    TRUE(!gdb_hit_breakpoint(&g, &r));
    (void)say("z0,20,1");
    EQ(memory[0x20], 0x20);
    (void)say("Z1,20,1");
    SPAN_EQ(answer, "");
    (void)say("Z0,100,1");
    SPAN_EQ(answer, "E01");
    (void)say("Z0,20,x");
    SPAN_EQ(answer, "E01");
    (void)say("Z0,ffffffffffffffff,1");
    SPAN_EQ(answer, "E01");
}

TEST(there_are_so_many_breakpoints_and_all_can_be_taken_away)
{
    char text[16];
    fresh();
    for (unsigned i = 0; i <= GDB_BREAKPOINTS_MAX; i++) {
        (void)snprintf(text, sizeof text, "Z0,%x,1", i);
        (void)say(text);
        TRUE(span_eq(answer, i < GDB_BREAKPOINTS_MAX ? TEXT("OK") : TEXT("E01")));
    }
    EQ(say("D"), GDB_DETACH);
    for (size_t i = 0; i < sizeof memory; i++)
        EQ(memory[i], i);
}

TEST(a_guest_goes_on_steps_and_is_killed)
{
    fresh();
    EQ(say("c"), GDB_CONTINUE);
    EQ(say("s"), GDB_STEP);
    EQ(say("C05"), GDB_CONTINUE);
    EQ(say("S05;30"), GDB_STEP);
    EQ(g.registers.value[register_table.pc], 0x30);
    EQ(say("c40"), GDB_CONTINUE);
    EQ(g.registers.value[register_table.pc], 0x40);
    EQ(say("cx"), GDB_STAY);
    EQ(say("k"), GDB_KILL);
}

TEST(what_is_not_known_is_answered_by_nothing)
{
    static const char *const unknown[] = { "", "vMustReplyEmpty", "vCont?", "qXfer:features:read:target.xml:0,ffb", "!", "x", "\xff" };
    fresh();
    for (size_t i = 0; i < NUM_OF(unknown); i++) {
        EQ(say(unknown[i]), GDB_STAY);
        SPAN_EQ(answer, "");
    }
}

TEST_MAIN
