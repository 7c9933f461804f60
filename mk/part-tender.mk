# SPDX-License-Identifier: ISC
# The tenders: static PIEs over musl, since an spt image takes the addresses where an ordinary program would lie, and since
# they start fastest. The kernel's headers come behind musl's. Those for hosts with another CPU lie beside its archives.

TENDERS_AT := $(if $(CROSS),$(B)/lib/$(ARCH)/bin,$(B)/bin)
TENDER_OBJECTS_AT := $(B)/host-musl$(CROSS:%-linux-gnu-=-%)
# Solo5 has no hvt ABI for riscv64
TENDERS := $(addprefix $(TENDERS_AT)/morgana-,spt $(if $(filter x86_64 aarch64,$(ARCH)),hvt))
# Sources of one tender alone; the others are both's.
TENDER_SOURCES_spt := $(addprefix tender/,spt.c enter_$(ARCH).S vdso.c vectors.c)
TENDER_SOURCES_hvt := $(addprefix tender/,hvt.c hvt_host.c hvt_stream.c hvt_kvm.c hvt_kvm_$(ARCH).c hvt_machine.c hvt_machine_$(ARCH).c hvt_linux.c hvt_registers_$(ARCH).c vectors.c \
	hypercall.c hypercall_net.c hypercall_block.c gdb.c gdb_serve.c core.c) \
	platform/common/stream.c platform/common/tx_frame.c
TENDER_SOURCES := $(filter-out tender/test_% tender/prop_% tender/hvt% tender/enter_% tender/bsd% tender/net_tap_bsd.c $(TENDER_SOURCES_spt) $(TENDER_SOURCES_hvt),$(wildcard tender/*.c tender/*.S)) base/err.c
tender_objects = $(patsubst %,$(TENDER_OBJECTS_AT)/%.o,$(basename $(TENDER_SOURCES) $(TENDER_SOURCES_$1)))
TENDER_FLAGS := $(COMMON) -O2 -D_GNU_SOURCE -fPIE -fstack-protector-strong -nostdinc -isystem $(MUSL_INCLUDE) \
	-isystem $(GCC_INCLUDE) -idirafter $(SYSROOT)/usr/include -idirafter $(SYSROOT)/usr/include/$(ARCH)-linux-gnu
# gcc 12 for riscv64 knows no static PIE and would ask for an interpreter
TENDER_LINK := -static-pie -Wl,-static,--no-dynamic-linker -nostdlib -nostartfiles -Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections,--build-id=none

$(TENDER_OBJECTS_AT)/%.o: %.c
	@mkdir -p $(@D)
	$(GUEST_CC) $(TENDER_FLAGS) -MMD -MP -c $< -o $@
$(TENDER_OBJECTS_AT)/%.o: %.S
	@mkdir -p $(@D)
	$(GUEST_CC) $(TENDER_FLAGS) -MMD -MP -c $< -o $@

# without what it has for debuggers, which makes Debian 12's linker fail at Debian 13's riscv64
$(TENDER_OBJECTS_AT)/rcrt1.o: $(MUSL_LIB)/rcrt1.o
	@mkdir -p $(@D)
	$(CROSS)objcopy -g $< $@
$(TENDERS): $(TENDER_OBJECTS_AT)/rcrt1.o
	@mkdir -p $(@D)
	$(GUEST_CC) $(TENDER_LINK) -o $@ $< $(MUSL_LIB)/crti.o $(filter-out $<,$^) \
		-Wl,--start-group $(MUSL_LIB)/libc.a -lgcc -Wl,--end-group $(MUSL_LIB)/crtn.o
$(foreach t,$(TENDERS),$(eval $t: $(call tender_objects,$(subst morgana-,,$(notdir $t)))))
all: $(TENDERS)

# ---- What check/spt runs: guests, a loader of its own, the finisher alone. For other CPUs it runs inside an emulated machine.
SPT_CHECK := $(B)/check/spt$(CROSS:%-linux-gnu-=-%)
SPT_FINISH := $(B)/check/spt/finish
SPT_GUEST_LINK := $(CROSS)ld -nostdlib -static -z noexecstack -z max-page-size=4096 --build-id=none --gc-sections
SPT_ARCHIVES = $(foreach a,platform-spt platform-solo5 platform-common runtime arch-$(ARCH) arch-common interface base,$(B)/$(ARCH)/product/lib$a.a)
CPU_OF_GUESTS_x86_64 := -mno-sse
CPU_OF_GUESTS_riscv64 := -march=rv64gc -mabi=lp64d -mcmodel=medany -mno-relax
SPT_IMAGES := $(foreach i,probe probe-devices noop,$(SPT_CHECK)/$i.spt)
SPT_GUESTS := $(foreach d,0 1,$(foreach e,0 1,$(SPT_CHECK)/guest-$d-$e.image))
SPT_PROGRAMS := $(addprefix $(SPT_CHECK)/,loader peer)
# above what the loader maps
SPT_PROGRAM_LINK := -fPIE -pie
ifneq ($(CROSS),)
SPT_PROGRAM_LINK := -fno-pie -no-pie -static -Wl,-Ttext-segment=0x40000000
endif

$(SPT_CHECK)/probe-devices.o: check/spt/probe.c
	@mkdir -p $(@D)
	$(GUEST_CC) $(FLAGS_product) -DDEVICES -MMD -MP -c $< -o $@
$(SPT_CHECK)/%.o: check/spt/%.c
	@mkdir -p $(@D)
	$(GUEST_CC) $(FLAGS_product) -MMD -MP -c $< -o $@
$(SPT_CHECK)/%.linked: $(SPT_CHECK)/%.o platform/spt/spt.lds $(SPT_ARCHIVES)
	$(SPT_GUEST_LINK) -T platform/spt/spt.lds -o $@ $< --start-group $(SPT_ARCHIVES) $(MUSL_LIB)/libc.a $(LIBGCC) --end-group
$(SPT_CHECK)/%.spt: $(SPT_CHECK)/%.linked $(SPT_FINISH)
	$(SPT_FINISH) $< $@ $(@:.spt=.debug)
$(SPT_CHECK)/guest-%.o: check/spt/guest.c
	@mkdir -p $(@D)
	$(GUEST_CC) -std=gnu11 -Wall -Wextra -Werror -Wno-array-bounds -Wno-stringop-overflow -O1 -ffreestanding -fno-pic -fno-stack-protector \
		$(CPU_OF_GUESTS_$(ARCH)) -DDEVICES='"$(word 1,$(subst -, ,$*))"' -DEXTENSION='"$(word 2,$(subst -, ,$*))"' -MMD -MP -c $< -o $@
$(SPT_GUESTS): %.image: %.o check/spt/guest.lds
	$(SPT_GUEST_LINK) -T check/spt/guest.lds -o $@ $<
$(SPT_FINISH): check/spt/finish.c cli/image.c cli/image_file.c cli/elf.c cli/relocations.c cli/say.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -MMD -MP -MF $@.d $^ -o $@
$(SPT_CHECK)/loader $(SPT_CHECK)/peer: $(SPT_CHECK)/%: check/spt/%.c
	@mkdir -p $(@D)
	$(GUEST_CC) $(HOST_OF_CPU) $(SPT_PROGRAM_LINK) -MMD -MP -MF $@.d $< -o $@

#: make spt-guests builds what check/spt runs; ARCH=aarch64 or riscv64: for its emulated machine
spt-guests: $(SPT_IMAGES) $(SPT_GUESTS) $(SPT_PROGRAMS) $(HVT_CHECK)/outer
test: spt-guests
.PHONY: spt-guests
.PRECIOUS: $(SPT_CHECK)/%.o $(SPT_CHECK)/%.linked

LINK_OF_tender_test_image := tender/image.c tender/load.c tender/relocate.c tender/message.c
LINK_OF_tender_test_filter := tender/filter.c tender/outer.c tender/message.c
LINK_OF_tender_test_options := tender/options.c tender/message.c
LINK_OF_cli_test_image := cli/image.c cli/elf.c cli/relocations.c cli/say.c
LINK_OF_cli_test_graph := cli/graph_read.c cli/graph_plan.c cli/file.c cli/say.c cli/words.c
# the sources that a test names are what it is made of
$(foreach t,$(filter tender/% cli/test_image cli/test_graph,$(UNIT_TESTS:.c=)),$(eval $(TEST)/$t: $(LINK_OF_$(subst /,_,$t))))

#: make nested-riscv64 fetches the kernel with which check/spt/test-nested tests riscv64, too: 113 MB
nested-riscv64:
	@check/nested/kernel riscv64 $(B)/check/nested/riscv64
.PHONY: nested-riscv64
