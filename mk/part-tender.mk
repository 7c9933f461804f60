# SPDX-License-Identifier: ISC
# The tenders: static PIEs over musl, since an spt image takes the addresses where an ordinary program would lie, and since
# they start fastest. The kernel's headers come behind musl's.

TENDERS := $(B)/bin/morgana-spt $(B)/bin/morgana-hvt
# Sources of one tender alone; the others are both's.
TENDER_SOURCES_spt := $(addprefix tender/,spt.c enter.S vdso.c)
TENDER_SOURCES_hvt := $(addprefix tender/,hvt.c hvt_host.c hvt_stream.c hvt_kvm.c hvt_machine.c hvt_linux.c hvt_registers_x86_64.c vectors.c \
	hypercall.c hypercall_net.c gdb.c gdb_serve.c core.c) \
	platform/common/stream.c
TENDER_SOURCES := $(filter-out tender/test_% tender/prop_% tender/hvt% tender/bsd% tender/net_tap_bsd.c $(TENDER_SOURCES_spt) $(TENDER_SOURCES_hvt),$(wildcard tender/*.c tender/*.S)) base/err.c
tender_objects = $(patsubst %,$(B)/host-musl/%.o,$(basename $(TENDER_SOURCES) $(TENDER_SOURCES_$1)))
TENDER_FLAGS := $(COMMON) -O2 -D_GNU_SOURCE -fPIE -fstack-protector-strong -nostdinc -isystem $(MUSL_INCLUDE) \
	-isystem $(GCC_INCLUDE) -idirafter /usr/include -idirafter /usr/include/$(ARCH)-linux-gnu
TENDER_LINK := -static-pie -nostdlib -nostartfiles -Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections,--build-id=none

$(B)/host-musl/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(TENDER_FLAGS) -MMD -MP -c $< -o $@
$(B)/host-musl/%.o: %.S
	@mkdir -p $(@D)
	$(CC) $(TENDER_FLAGS) -MMD -MP -c $< -o $@

$(foreach t,spt hvt,$(eval $(B)/bin/morgana-$t: $(call tender_objects,$t)))
$(TENDERS):
	@mkdir -p $(@D)
	$(CC) $(TENDER_LINK) -o $@ $(MUSL_LIB)/rcrt1.o $(MUSL_LIB)/crti.o $^ \
		-Wl,--start-group $(MUSL_LIB)/libc.a -lgcc -Wl,--end-group $(MUSL_LIB)/crtn.o

# programs of the host
all: $(if $(CROSS),,$(TENDERS))

# ---- What check/spt runs: guests, a loader of its own, the finisher alone.
SPT_CHECK := $(B)/check/spt
SPT_GUEST_LINK := ld -nostdlib -static -z noexecstack -z max-page-size=4096 --build-id=none --gc-sections
SPT_ARCHIVES = $(foreach a,platform-spt platform-solo5 platform-common runtime arch-$(ARCH) arch-common interface base,$(B)/$(ARCH)/product/lib$a.a)
SPT_IMAGES := $(foreach i,probe probe-devices noop,$(SPT_CHECK)/$i.spt)
SPT_GUESTS := $(foreach d,0 1,$(foreach e,0 1,$(SPT_CHECK)/guest-$d-$e.image))
SPT_PROGRAMS := $(addprefix $(SPT_CHECK)/,finish loader peer)

$(SPT_CHECK)/probe-devices.o: check/spt/probe.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS_product) -DDEVICES -MMD -MP -c $< -o $@
$(SPT_CHECK)/%.o: check/spt/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS_product) -MMD -MP -c $< -o $@
$(SPT_CHECK)/%.linked: $(SPT_CHECK)/%.o platform/spt/spt.lds $(SPT_ARCHIVES)
	$(SPT_GUEST_LINK) -T platform/spt/spt.lds -o $@ $< --start-group $(SPT_ARCHIVES) $(MUSL_LIB)/libc.a \
		$(shell $(CC) -print-libgcc-file-name) --end-group
$(SPT_CHECK)/%.spt: $(SPT_CHECK)/%.linked $(SPT_CHECK)/finish
	$(SPT_CHECK)/finish $< $@ $(@:.spt=.debug)
$(SPT_CHECK)/guest-%.o: check/spt/guest.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -Wall -Wextra -Werror -Wno-array-bounds -Wno-stringop-overflow -O1 -ffreestanding -fno-pic -fno-stack-protector -mno-sse \
		-DDEVICES='"$(word 1,$(subst -, ,$*))"' -DEXTENSION='"$(word 2,$(subst -, ,$*))"' -c $< -o $@
$(SPT_GUESTS): %.image: %.o check/spt/guest.lds
	$(SPT_GUEST_LINK) -T check/spt/guest.lds -o $@ $<
$(SPT_CHECK)/finish: check/spt/finish.c cli/image.c cli/image_file.c cli/elf.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -MMD -MP -MF $@.d $^ -o $@
$(SPT_CHECK)/loader $(SPT_CHECK)/peer: $(SPT_CHECK)/%: check/spt/%.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -fPIE -pie $^ -o $@

test: $(SPT_IMAGES) $(SPT_GUESTS) $(SPT_PROGRAMS)
.PRECIOUS: $(SPT_CHECK)/%.o $(SPT_CHECK)/%.linked

LINK_OF_tender_test_image := tender/image.c tender/load.c tender/message.c
LINK_OF_tender_test_filter := tender/filter.c tender/outer.c tender/message.c
LINK_OF_tender_test_options := tender/options.c tender/message.c
LINK_OF_cli_test_image := cli/image.c cli/elf.c
LINK_OF_cli_test_graph := cli/graph_read.c cli/graph_plan.c cli/file.c cli/say.c cli/words.c
# the sources that a test names are what it is made of
$(foreach t,$(filter tender/% cli/test_image cli/test_graph,$(UNIT_TESTS:.c=)),$(eval $(TEST)/$t: $(LINK_OF_$(subst /,_,$t))))
