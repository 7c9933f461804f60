# SPDX-License-Identifier: ISC
# What check/hvt runs: images, guests that share no code with Morgana, a static host for the machine inside QEMU.
# Packages: qemu-system-x86 cpio; the kernel is fetched into build/ by check/nested/kernel.

HVT_CHECK := $(B)/check/hvt$(CROSS:%-linux-gnu-=-%)
HVT_ARCHIVES = $(foreach a,platform-hvt platform-solo5 platform-common runtime arch-$(ARCH) arch-common interface base,$(B)/$(ARCH)/product/lib$a.a)
HVT_IMAGES := $(foreach i,probe probe-devices noop,$(HVT_CHECK)/$i.hvt)
HVT_GUESTS := $(foreach d,0 1,$(foreach e,0 1,$(HVT_CHECK)/guest-$d-$e.image))

$(HVT_CHECK)/%.linked: $(B)/check/spt$(CROSS:%-linux-gnu-=-%)/%.o platform/hvt/hvt.lds $(HVT_ARCHIVES)
	@mkdir -p $(@D)
	$(SPT_GUEST_LINK) --emit-relocs -T platform/hvt/hvt.lds -o $@ $< --start-group $(HVT_ARCHIVES) $(MUSL_LIB)/libc.a $(LIBGCC) --end-group
$(HVT_CHECK)/%.hvt: $(HVT_CHECK)/%.linked $(B)/check/spt/finish
	$(B)/check/spt/finish $< $@ $(@:.hvt=.debug)
$(HVT_CHECK)/guest-%.o: check/hvt/guest.c
	@mkdir -p $(@D)
	$(GUEST_CC) -std=gnu11 -Wall -Wextra -Werror -Wno-array-bounds -Wno-stringop-overflow -O1 -ffreestanding -fno-pic -fno-stack-protector \
		$(CPU_OF_GUESTS_$(ARCH)) -DDEVICES='"$(word 1,$(subst -, ,$*))"' -DEXTENSION='"$(word 2,$(subst -, ,$*))"' -MMD -MP -c $< -o $@
$(HVT_GUESTS): %.image: %.o check/hvt/guest.lds
	$(SPT_GUEST_LINK) -T check/hvt/guest.lds -o $@ $<
$(HVT_CHECK)/peer: check/spt/peer.c
	@mkdir -p $(@D)
	$(GUEST_CC) $(HOST_OF_CPU) -static -o $@ $<
$(HVT_CHECK)/outer: check/hvt/outer.c
	@mkdir -p $(@D)
	$(GUEST_CC) $(HOST_OF_CPU) -static -o $@ $<

# The host of check/net, for figures
HVT_HOST_ARCHIVES = $(filter-out $(patsubst %,$(B)/$(ARCH)/product/libplatform-%.a,$(filter-out common solo5 hvt,$(notdir $(PLATFORMS)))),$(call archives,product))
$(HVT_CHECK)/host_manifest.o: check/hvt/host_manifest.c
	@mkdir -p $(@D)
	$(GUEST_CC) $(FLAGS_product) -c $< -o $@
$(HVT_CHECK)/host.linked: $(B)/check/net/host.o $(B)/check/net/host_one.o $(B)/check/net/no_sockets.o $(HVT_CHECK)/host_manifest.o platform/hvt/hvt.lds $(call archives,product)
	@mkdir -p $(@D)
	$(SPT_GUEST_LINK) -T platform/hvt/hvt.lds -o $@ $(filter %.o,$^) --start-group $(filter-out %/liblibc.a,$(HVT_HOST_ARCHIVES)) \
		$(foreach l,$(LIBRARIES),$(shell $(CC) -print-file-name=lib$l.a)) --end-group \
		--start-group $(filter %/liblibc.a,$(HVT_HOST_ARCHIVES)) $(MUSL_LIB)/libc.a $(shell $(CC) -print-libgcc-file-name) --end-group

#: make hvt-guests builds what check/hvt runs; ARCH=aarch64: for its emulated machine
hvt-guests: $(HVT_IMAGES) $(HVT_GUESTS) $(HVT_CHECK)/peer $(HVT_CHECK)/outer
test: $(HVT_CHECK)/host.hvt hvt-guests
.PHONY: hvt-guests
.PRECIOUS: $(HVT_CHECK)/%.o $(HVT_CHECK)/%.linked

LINK_OF_tender_test_hypercall := tender/hypercall.c tender/hypercall_net.c tender/hypercall_block.c
LINK_OF_tender_test_hypercall_block := $(LINK_OF_tender_test_hypercall)
LINK_OF_tender_test_hvt_host := tender/hvt_host.c tender/discard_linux.c tender/hvt_stream.c tender/vectors.c tender/events.c tender/outer.c tender/message.c
LINK_OF_tender_test_hvt_stream := tender/hvt_stream.c tender/message.c
LINK_OF_tender_test_hvt_machine := tender/hvt_machine.c tender/hvt_machine_x86_64.c
LINK_OF_tender_test_hvt_machine_aarch64 := tender/hvt_machine.c tender/hvt_machine_aarch64.c

LINK_OF_tender_test_gdb := tender/gdb.c tender/hvt_registers_x86_64.c
LINK_OF_tender_test_hvt_freebsd := tender/hvt_freebsd.c tender/hypercall.c tender/hypercall_net.c tender/hypercall_block.c tender/message.c
LINK_OF_tender_test_hvt_openbsd := tender/hvt_openbsd.c tender/hypercall.c tender/hypercall_net.c tender/hypercall_block.c tender/message.c
LINK_OF_tender_test_core := tender/core.c tender/hvt_registers_x86_64.c tender/message.c

# What a guest, a debugger and a file may say, fuzzed with the other properties.
HVT_FUZZERS := $(addprefix $(FUZZ)/check/hvt/,prop_hypercall prop_gdb prop_image)
FUZZERS += $(HVT_FUZZERS)
fuzz fuzzers: $(HVT_FUZZERS)
FUZZED_prop_hypercall := tender/hypercall tender/hypercall_net tender/hypercall_block
FUZZED_prop_gdb := tender/gdb tender/hvt_registers_x86_64
FUZZED_prop_image := tender/image tender/load tender/relocate tender/message
.SECONDEXPANSION:
$(HVT_FUZZERS): $(FUZZ)/check/hvt/%: $(FUZZ)/check/hvt/%.o $$(foreach o,$$(FUZZED_$$*),$(FUZZ)/$$o.o) $(FUZZ)/libfuzzed.a
	$(CLANG) -fsanitize=fuzzer,address,undefined -o $@ $^
LINK_OF_platform_hvt_test_net_exchange := platform/solo5/guest.c
LINK_OF_platform_hvt_test_block := platform/solo5/guest.c platform/solo5/block.c
