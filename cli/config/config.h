// SPDX-License-Identifier: ISC
/* config.h - the language of config.c: a typed graph of the devices that a unikernel is made of.
 *
 *     #include <morgana/config.h>
 *
 *     JOB(website_main, stack, kv_ro);
 *
 *     void configure(void)
 *     {
 *         stack net = generic_stack(default_network());
 *         kv_ro pages = generic_kv_ro("htdocs");
 *         uses("http_files");
 *         unikernel("website", website_main(net, pages), arg_port("port", 80, "port to listen on"));
 *     }
 *
 * Every kind of device is a C type of its own, so a wrong graph does not compile and the compiler points at
 * config.c. Equal devices are one device: what is used twice is connected once. Nothing here runs inside
 * the unikernel: `morgana configure` runs configure() on the host and generates main.c from what it says.
 * Texts are borrowed for good (use literals). */
#ifndef MORGANA_CONFIG_H
#define MORGANA_CONFIG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;        /* a device, a choice between two, or the job */
struct key;

/* A kind of device; `struct node *n` is its place in the graph. */
#define DEVICE_TYPE(type) typedef struct type##_ { struct node *n; } type
DEVICE_TYPE(network);       /* struct net *     interface/net.h */
DEVICE_TYPE(stack);         /* struct stack *   interface/stack.h */
DEVICE_TYPE(kv_ro);         /* struct kv *      interface/kv.h */
DEVICE_TYPE(block);         /* struct block *   interface/block.h */
DEVICE_TYPE(clock);         /* struct clock *   interface/clock.h */
DEVICE_TYPE(job);           /* what the unikernel does with them */

/* Yours to define: calls unikernel() once. */
void configure(void);

/* ---- The job. JOB(shop_main, stack, block) declares the constructor `job shop_main(stack, block)` for this
 * file, and for shop.c the function that the unikernel runs:
 *     err shop_main(struct stack *stack, struct block *block);
 * Up to eight devices; none: JOB(hello_main). */
#define JOB(name, ...)                                                                         \
    static inline job name(JOB_PARAMETERS_(__VA_ARGS__))                                       \
    {                                                                                          \
        return (job){ job_(#name, (struct needs_){ { JOB_NODES_(__VA_ARGS__) NULL } }) };      \
    }                                                                                          \
    _Static_assert(1, "")

struct boot_arg;
/* Names the unikernel (letters, digits, '-' and '_'), its job and its boot arguments. */
#define unikernel(name, job, ...) \
    AT_LINE_VOID_(unikernel_((name), (job), (struct boot_args_){ { __VA_ARGS__ __VA_OPT__(,) NULL } }))
/* One sentence for --help of the unikernel. */
void about(const char *sentence);

/* Components of the SDK that the job's code calls by itself. */
#define uses(...) AT_LINE_VOID_(uses_((struct names_){ { __VA_ARGS__, NULL } }))
/* A library of your own: a folder beside config.c with its *.c, or an archive "libfoo.a". A file `component`
 * in the folder (archive: libfoo.component) may name what it needs, in a line `uses: ...`. */
void static_library(const char *path);
/* How many fibers of the program's own may run at once, the job's among them (7 unless said; those of devices are
 * added), and the stack of each. STACK_COMPUTED, and nothing said: as much as the call graph of the image needs; 32 KiB
 * where it is not known, above the host's C library and in debug builds. A build whose fibers may need more than is
 * said here fails. */
#define STACK_COMPUTED ((size_t)0)
void fibers(unsigned num, size_t stack_bytes);

/* ---- Boot arguments. The job's code reads them with the functions on the right, '-' as '_'. A fallback of
 * NULL makes an argument required. */
const struct boot_arg *arg_flag(const char *name, const char *doc);                                    /* bool arg_NAME(void) */
const struct boot_arg *arg_string(const char *name, const char *fallback, const char *doc);            /* struct span */
const struct boot_arg *arg_uint(const char *name, uint64_t fallback, const char *doc);                 /* uint64_t */
const struct boot_arg *arg_uint_range(const char *name, uint64_t fallback, uint64_t min, uint64_t max,
                                      const char *doc);                                                /* uint64_t */
const struct boot_arg *arg_port(const char *name, uint16_t fallback, const char *doc);                 /* uint16_t, 1.. */
const struct boot_arg *arg_duration(const char *name, const char *fallback, const char *doc);          /* nanos; "250ms" */
const struct boot_arg *arg_ip(const char *name, const char *fallback, const char *doc);                /* struct ip */
const struct boot_arg *arg_prefix(const char *name, const char *fallback, const char *doc);            /* struct ip_prefix */

/* ---- Devices */

network default_network(void);                  /* the device that tenders call "service" */
network generic_network(const char *name);
network vlan_network(network trunk, unsigned id);       /* of those that share a device by tags (802.1Q), one; 0: without a tag */
network capture_network(network below, block to);       /* what goes through is pcapng on a block device */
network bad_wire(network below);                /* for tests: --wire-delay, --wire-loss, --wire-reorder, --wire-duplicate */
stack generic_stack(network net);               /* TCP/IP of both families; boot arguments --ipv4, --ipv6, ... */
stack sockets_stack(void);                      /* on `unix` alone: the host's sockets; see if_target, if_key */
stack ipv4_stack(network net);                  /* IPv4 alone, 22 KB less; --ipv4 and --ipv4-gateway */
stack named_stack(const char *group, network net);  /* a second one: --GROUP-ipv4, --GROUP-ipv4-gateway */
stack with_interface(stack s, const char *group, network net);      /* the same stack on another network as well: --GROUP-ipv4, ... */
kv_ro generic_kv_ro(const char *folder);        /* the files of a folder, built into the image */
block generic_block(const char *name);
clock default_clock(void);

/* ---- Keys: what `morgana configure --KEY=VALUE` says and remembers. `morgana configure --help` shows them. A key's value
 * chooses devices (below), is $KEY in the expressions of devices that name it in .keys, and the constant KEY_NAME in the
 * header that the job's code includes, '-' as '_': a bool, a number or a literal. */
/* One of some words, as in "fast small"; the first is the default. */
const struct key *configure_key(const char *name, const char *values, const char *doc);
const struct key *configure_flag(const char *name, const char *doc);        /* --NAME; --NAME=false takes it back */
const struct key *configure_uint(const char *name, uint64_t fallback, const char *doc);
const struct key *configure_uint_range(const char *name, uint64_t fallback, uint64_t min, uint64_t max, const char *doc);
const struct key *configure_string(const char *name, const char *fallback, const char *doc);

/* ---- Choices. They stay in the graph, so that `morgana describe` can show them before they are made. All ways
 * are of one type. */

/* `then` where the target is one of the words of `targets`, as in "spt hvt". */
#define if_target(targets, then, otherwise) MATCH_(NULL, otherwise, { targets, then })
/* `then` where the key has that value. */
#define if_key(key, value, then, otherwise) MATCH_(key, otherwise, { value, then })
#define if_flag(key, then, otherwise) MATCH_(key, otherwise, { "true", then })
/* More than two ways: match_key(pages, generic_kv_ro("small"), { "large", generic_kv_ro("large") }, { "none empty", ... }). The
 * first whose words have the value is taken. */
#define match_key(key, otherwise, ...) MATCH_(key, otherwise, __VA_ARGS__)
#define match_target(otherwise, ...) MATCH_(NULL, otherwise, __VA_ARGS__)

/* ---- Devices of your own
 *
 *     DEVICE_TYPE(counter);
 *     static counter slow_counter(stack net)
 *     {
 *         return (counter){ device(.what = "slow_counter", .c_type = "struct counter *", .header = "counter.h",
 *                                  .connect = "counter_open($1, $period, &$out)", .needs = { net.n },
 *                                  .args = { arg_duration("period", "1s", "between two counts") }) };
 *     }
 *
 * `connect` is an expression of type err that fills $out, of c_type. Or `state` is a type, of which main.c defines
 * $state; `connect` fills that, or an expression `init` does, which cannot fail; and `value` is then what $out is.
 * `close` is called at the end, in reverse order, even where connecting failed. In them $1 .. $8 are the devices that it
 * needs, $name is .name as a literal, $files the table of its files, $ARGUMENT the value of a boot
 * argument of .args, '-' as '_', and $arg1 .. $arg12 the same by number; $KEY is the value of a key of .keys. */
enum device_kind { DEVICE_INTERNAL, DEVICE_NET, DEVICE_BLOCK };
struct device {
    const char *what;               /* how describe and main.c call it */
    const char *name;               /* of a net or block device: what tenders call it; unique; letters and digits, at most 67 */
    enum device_kind kind;
    const char *c_type, *header;    /* what the job receives, and where it is declared */
    const char *connect_header;     /* where `connect` finds its functions; NULL: .header is enough */
    const char *component;          /* of the SDK, to link; NULL: none */
    const char *library;            /* as static_library(); NULL: none */
    const char *files;              /* a folder whose files become a table, $files; NULL: none */
    unsigned fibers;                /* that it runs */
    const char *connect, *state, *init, *value, *close;
    struct node *needs[9];          /* these three end with NULL */
    const struct boot_arg *args[13];
    const struct key *keys[9];
};
#define device(...) AT_LINE_(device_((const struct device){ __VA_ARGS__ }))
struct node *device_(struct device record);

/* ---- Behind the macros: each call says which line of config.c it stands in, for messages. */

void line_enter_(unsigned line);
void line_leave_(void);
#define AT_LINE_(...)                                   \
    ({                                                  \
        line_enter_(__LINE__);                          \
        __auto_type made_ = __VA_ARGS__;                \
        line_leave_();                                  \
        made_;                                          \
    })
#define AT_LINE_VOID_(...) (line_enter_(__LINE__), __VA_ARGS__, line_leave_())
#define MATCH_(key, otherwise, ...)                                                                        \
    ({                                                                                                     \
        line_enter_(__LINE__);                                                                             \
        __typeof__(otherwise) otherwise_ = (otherwise);                                                    \
        const struct { const char *words; __typeof__(otherwise) then; } ways_[] = { __VA_ARGS__ };         \
        struct way_ list_[sizeof ways_ / sizeof *ways_ + 1] = { { 0 } };                                   \
        for (size_t i_ = 0; i_ < sizeof ways_ / sizeof *ways_; i_++)                                       \
            list_[i_] = (struct way_){ ways_[i_].words, ways_[i_].then.n };                                \
        __typeof__(otherwise) chosen_ = { match_((key), list_, otherwise_.n) };                            \
        line_leave_();                                                                                     \
        chosen_;                                                                                           \
    })
#ifndef MORGANA_CONFIG_WITHOUT_LINES
#define about(...) AT_LINE_VOID_(about(__VA_ARGS__))
#define static_library(...) AT_LINE_VOID_(static_library(__VA_ARGS__))
#define fibers(...) AT_LINE_VOID_(fibers(__VA_ARGS__))
#define arg_flag(...) AT_LINE_(arg_flag(__VA_ARGS__))
#define arg_string(...) AT_LINE_(arg_string(__VA_ARGS__))
#define arg_uint(...) AT_LINE_(arg_uint(__VA_ARGS__))
#define arg_uint_range(...) AT_LINE_(arg_uint_range(__VA_ARGS__))
#define arg_port(...) AT_LINE_(arg_port(__VA_ARGS__))
#define arg_duration(...) AT_LINE_(arg_duration(__VA_ARGS__))
#define arg_ip(...) AT_LINE_(arg_ip(__VA_ARGS__))
#define arg_prefix(...) AT_LINE_(arg_prefix(__VA_ARGS__))
#define default_network() AT_LINE_(default_network())
#define generic_network(...) AT_LINE_(generic_network(__VA_ARGS__))
#define vlan_network(...) AT_LINE_(vlan_network(__VA_ARGS__))
#define capture_network(...) AT_LINE_(capture_network(__VA_ARGS__))
#define bad_wire(...) AT_LINE_(bad_wire(__VA_ARGS__))
#define generic_stack(...) AT_LINE_(generic_stack(__VA_ARGS__))
#define sockets_stack() AT_LINE_(sockets_stack())
#define named_stack(...) AT_LINE_(named_stack(__VA_ARGS__))
#define with_interface(...) AT_LINE_(with_interface(__VA_ARGS__))
#define generic_kv_ro(...) AT_LINE_(generic_kv_ro(__VA_ARGS__))
#define generic_block(...) AT_LINE_(generic_block(__VA_ARGS__))
#define default_clock() AT_LINE_(default_clock())
#define configure_key(...) AT_LINE_(configure_key(__VA_ARGS__))
#define configure_flag(...) AT_LINE_(configure_flag(__VA_ARGS__))
#define configure_uint(...) AT_LINE_(configure_uint(__VA_ARGS__))
#define configure_uint_range(...) AT_LINE_(configure_uint_range(__VA_ARGS__))
#define configure_string(...) AT_LINE_(configure_string(__VA_ARGS__))
#endif

struct needs_ { struct node *node[9]; };                    /* each ends with NULL */
struct boot_args_ { const struct boot_arg *arg[64]; };
struct names_ { const char *name[64]; };
struct node *job_(const char *function, struct needs_ devices);
void unikernel_(const char *name, job what, struct boot_args_ args);
void uses_(struct names_ components);
struct way_ { const char *words; struct node *then; };      /* the last has no words */
struct node *match_(const struct key *key, const struct way_ *ways, struct node *otherwise);    /* NULL: by target */

#define JOB_PARAMETERS_(...) JOB_COUNT_(__VA_ARGS__ __VA_OPT__(,) P8, P7, P6, P5, P4, P3, P2, P1, P0)(__VA_ARGS__)
#define JOB_NODES_(...) JOB_COUNT_(__VA_ARGS__ __VA_OPT__(,) N8, N7, N6, N5, N4, N3, N2, N1, N0)()
#define JOB_COUNT_(a, b, c, d, e, f, g, h, count, ...) JOB_PASTE_(JOB_, count)
#define JOB_PASTE_(a, b) a##b##_
#define JOB_P0_() void
#define JOB_P1_(a) a d1
#define JOB_P2_(a, b) a d1, b d2
#define JOB_P3_(a, b, c) JOB_P2_(a, b), c d3
#define JOB_P4_(a, b, c, d) JOB_P3_(a, b, c), d d4
#define JOB_P5_(a, b, c, d, e) JOB_P4_(a, b, c, d), e d5
#define JOB_P6_(a, b, c, d, e, f) JOB_P5_(a, b, c, d, e), f d6
#define JOB_P7_(a, b, c, d, e, f, g) JOB_P6_(a, b, c, d, e, f), g d7
#define JOB_P8_(a, b, c, d, e, f, g, h) JOB_P7_(a, b, c, d, e, f, g), h d8
#define JOB_N0_()
#define JOB_N1_() d1.n,
#define JOB_N2_() JOB_N1_() d2.n,
#define JOB_N3_() JOB_N2_() d3.n,
#define JOB_N4_() JOB_N3_() d4.n,
#define JOB_N5_() JOB_N4_() d5.n,
#define JOB_N6_() JOB_N5_() d6.n,
#define JOB_N7_() JOB_N6_() d7.n,
#define JOB_N8_() JOB_N7_() d8.n,

#endif
