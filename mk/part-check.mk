# SPDX-License-Identifier: ISC
# What machines check of the code itself: `make check`. The rules are in check/gates, one script each.
# Packages: clang-19 libclang-rt-19-dev binutils; make prove: frama-c-base why3 z3 cvc4

CLANG := clang-19
FRAMAC := frama-c

# ---- Trees: what clang makes of each source, with its warnings in a file beside it. Hosted code (programs of the
# host, platforms above a libc) is judged apart.
# What needs headers of a BSD is compiled by check/hvt/test-bsd.
BSD_SOURCES := tender/hvt_bsd.c $(wildcard tender/hvt_rights_*.c tender/bsd_sysctl_*.c)
# Sources for one CPU alone are judged as compiled for it, with the C library's headers that mk/cross unpacked.
OTHER_CPUS := $(filter-out $(ARCH),x86_64 aarch64 riscv64)
JUDGED_CPUS := $(foreach c,$(OTHER_CPUS),$(if $(wildcard $(SYSROOTS)/$c/sysroot/usr/include/$c-linux-musl/stdint.h),$c))
HOST_SOURCES = $(filter-out $(foreach p,test prop,%/$p_%) $(BSD_SOURCES) $(foreach c,$(OTHER_CPUS),%_$c.c),$(call of_this_system,$(wildcard cli/*.c cli/*/*.c)) $(wildcard tender/*.c)) \
	$(foreach f,$(HOSTED_FOLDERS),$(filter %.c,$(call sources,$f)))
GUEST_SOURCES = $(foreach f,$(filter-out $(HOSTED_FOLDERS),$(GUEST_FOLDERS)),$(filter %.c,$(call sources,$f)))
# and what programs alone use of headers
TREES = $(patsubst %.c,$(B)/check/%.ast,$(GUEST_SOURCES) check/gates/programs.c)
TREES_HOST = $(patsubst %.c,$(B)/check/%.ast,$(filter-out $(foreach p,test prop,%/$p_%),$(HOST_SOURCES)) check/gates/programs_config.c)
# of a CPU: what lies in a folder of its name, and what machines have that a device tree describes, judged as the first such CPU's
in_folder = $(foreach d,$(foreach f,$(filter-out arch/$(ARCH),$(GUEST_FOLDERS)),$f/$1) arch/$1,$(filter-out $d/test_%,$(wildcard $d/*.c)))
TREES_OF_CPU = $(patsubst %.c,$(B)/check/%.ast,$(call in_folder,$1) $(if $(filter $1,$(if $(filter devicetree,$(CPU_FOLDERS)),,$(firstword $(filter-out x86_64,$(JUDGED_CPUS))))),$(call in_folder,devicetree) $(call in_folder,thread_below)))
TREES_HOST_OF_CPU = $(patsubst %.c,$(B)/check/%.ast,$(filter-out tender/test_%,$(wildcard tender/*_$1.c)))
CLANG_COMMON := -std=gnu11 -I. $(WARNINGS) -Wno-unknown-warning-option
CLANG_GUEST = $(CLANG_COMMON) -nostdinc -isystem $(MUSL_INCLUDE) -isystem $(shell $(CLANG) -print-resource-dir)/include
CLANG_HOST := $(CLANG_COMMON) -D_GNU_SOURCE '-DMORGANA_VERSION=""'
CLANG_OF_CPU = --target=$1-linux-gnu $(CLANG_COMMON) -nostdinc -isystem $(SYSROOTS)/$1/sysroot/usr/include/$1-linux-musl \
	-isystem $(shell $(CLANG) -print-resource-dir)/include
CLANG_HOST_OF_CPU = $(CLANG_OF_CPU) -D_GNU_SOURCE -idirafter $(SYSROOTS)/$1/sysroot/usr/include -idirafter $(SYSROOTS)/$1/sysroot/usr/include/$1-linux-gnu

# A tree is there even where clang complains: the gate of the warnings judges them.
write_tree = $(info   $@)mkdir -p $(@D); CLANG=$(CLANG) check/gates/ast $1 $(FLAGS_OF_$(firstword $(subst /, ,$*))) \
	-MMD -MP -MT $@ -MF $(@:.ast=.d) $< >$@ 2>$(@:.ast=.warnings) || true
$(TREES): $(B)/check/%.ast: %.c check/gates/ast check/gates/ast.awk | $(call archives,product)
	$(call write_tree,$(CLANG_GUEST))
$(TREES_HOST): $(B)/check/%.ast: %.c check/gates/ast check/gates/ast.awk
	$(call write_tree,$(CLANG_HOST))
define trees_of_cpu
$(call TREES_OF_CPU,$1): $(B)/check/%.ast: %.c check/gates/ast check/gates/ast.awk
	$$(call write_tree,$(call CLANG_OF_CPU,$1))
$(call TREES_HOST_OF_CPU,$1): $(B)/check/%.ast: %.c check/gates/ast check/gates/ast.awk
	$$(call write_tree,$(call CLANG_HOST_OF_CPU,$1))
endef
$(foreach c,$(JUDGED_CPUS),$(eval $(call trees_of_cpu,$c)))
# Properties are no product: their trees say what proofs and fuzzers lead to (check/surface).
PROPERTY_TREES = $(patsubst %.c,$(B)/check/%.ast,$(PROPERTIES))
$(B)/check/%.ast: %.c check/gates/ast check/gates/ast.awk
	$(call write_tree,-std=gnu11 -D_GNU_SOURCE -Wno-everything -I.)
ALL_TREES = $(TREES) $(foreach c,$(JUDGED_CPUS),$(call TREES_OF_CPU,$c))
ALL_TREES_HOST = $(TREES_HOST) $(foreach c,$(JUDGED_CPUS),$(call TREES_HOST_OF_CPU,$c))

# ---- The worst depth of each stack.
STACKDEPTH := $(B)/check/stackdepth
$(STACKDEPTH): check/gates/stackdepth.c check/gates/sources.c check/gates/sources.h
	@mkdir -p $(@D)
	$(CC) $(HOST) -o $@ $(filter %.c,$^)

# ---- Objects whose padding the compiler clears.
PADDINGS = $(patsubst %.c,$(B)/check/%.padding,$(GUEST_SOURCES) $(foreach f,$(HOSTED_FOLDERS),$(filter %.c,$(call sources,$f))))
$(PADDINGS): $(B)/check/%.padding: $(B)/$(ARCH)/product/%.o check/gates/padding
	$(info   $@)mkdir -p $(@D); check/gates/padding $*.c $(GUEST_CC) $(call flags_for,product,$*) $(FLAGS_OF_$(firstword $(subst /, ,$*))) >$@

# ---- The gates.
GATES := $(sort $(wildcard check/gates/gate-*))
export GATE_TREES = $(ALL_TREES)
export GATE_TREES_HOST = $(ALL_TREES_HOST)
export GATE_WARNINGS = $(patsubst %.ast,%.warnings,$(ALL_TREES) $(ALL_TREES_HOST))
export GATE_NOT_JUDGED = $(filter-out $(JUDGED_CPUS),$(OTHER_CPUS))
export GATE_PADDING = $(PADDINGS)
export GATE_STACKDEPTH := $(STACKDEPTH)
export GATE_BUILD := $(B)/$(ARCH)/product

#: make stacks     prints how deep each fiber's stack gets
stacks: $(call archives,product) $(STACKDEPTH)
	@check/gates/gate-stack
#: make check      judges the code itself: pointers, calls, imports, warnings, stacks, images; prints the attack surface
check: $(call archives,product) $(ALL_TREES) $(ALL_TREES_HOST) $(PADDINGS) $(STACKDEPTH)
	@PROPERTY_TREES="$(PROPERTY_TREES)" check/surface/print
	@TEST_JOBS=$(TEST_JOBS) check/run $(GATES) $(sort $(wildcard check/gates/test-*))
.PHONY: check stacks

# ---- Properties (prop_*.c): fuzzed by libFuzzer, proved by Frama-C Eva.
FUZZ := $(B)/fuzz
PURE := base interface platform/common $(patsubst %/component,%,$(shell grep -l '^kind: *engine' lib/*/component))
# services are fuzzed as a whole, over what they run on
FUZZED_WHOLE := $(addprefix lib/,stack http_server http_files kv_files capture vlan wire random)
FUZZED := $(PURE) runtime arch/common arch/$(ARCH) $(FUZZED_WHOLE)
# the property of lib/libc has its sources in itself, under other names than those of the host's C library
PROPERTIES := $(foreach f,$(PURE) $(FUZZED_WHOLE) lib/libc,$(wildcard $f/prop_*.c))
FUZZERS := $(patsubst %.c,$(FUZZ)/%,$(PROPERTIES))
# the attack surface is read from them
check: $(PROPERTY_TREES)
FUZZ_FLAGS := -std=gnu11 -D_GNU_SOURCE -g -O1 -I. -fstrict-flex-arrays=3 -fno-sanitize-recover=all
FUZZ_OBJECTS = $(patsubst %,$(FUZZ)/%.o,$(basename $(foreach f,$(FUZZED),$(call sources,$f))))

$(FUZZ)/%.o: %.c | $(LIBRARY_HEADERS)
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_FLAGS) $(FLAGS_OF_lib) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c $< -o $@
$(FUZZ)/%.o: %.S
	@mkdir -p $(@D)
	$(CLANG) -I. -c $< -o $@
$(FUZZ)/libfuzzed.a: $(FUZZ_OBJECTS)
	@rm -f $@
	$(AR) rcsD $@ $^
$(FUZZERS): $(FUZZ)/%: $(FUZZ)/%.o $(FUZZ)/libfuzzed.a
	$(CLANG) -no-pie -fsanitize=fuzzer,address,undefined -o $@ $^ $(LINK_OF_$(subst /,_,$*))
# what it is compared with
LINK_OF_lib_random_prop_random := -lnettle

T := 60
#: make fuzz T=60  replays the corpora and feeds every property, for T seconds in all; T=0 replays alone
fuzz: $(FUZZERS)
	@check/fuzz/run $(T) $(FUZZERS)
fuzzers: $(FUZZERS)
print-fuzzers:
	@printf '%s\n' $(FUZZERS)
#: make prove      proves what reaches bytes, and the properties of components with a line "proof:"; says what is proved, fuzzed, neither
prove:
	@FRAMAC=$(FRAMAC) check/prove/run $(PROPERTIES)
.PHONY: fuzz fuzzers print-fuzzers prove
