# SPDX-License-Identifier: ISC
# What check/hvt runs: images, guests that share no code with Morgana, a static host for the machine inside QEMU.
# Packages: qemu-system-x86 busybox-static cpio; the kernel is fetched into build/ by check/hvt/kernel.

HVT_CHECK := $(B)/check/hvt
HVT_ARCHIVES = $(foreach a,platform-hvt platform-common runtime arch-$(ARCH) arch-common interface base,$(B)/$(ARCH)/product/lib$a.a)
HVT_IMAGES := $(foreach i,probe probe-devices noop,$(HVT_CHECK)/$i.hvt)
HVT_GUESTS := $(foreach d,0 1,$(foreach e,0 1,$(HVT_CHECK)/guest-$d-$e.image))

$(HVT_CHECK)/%.linked: $(B)/check/spt/%.o platform/hvt/hvt.lds $(HVT_ARCHIVES)
	@mkdir -p $(@D)
	$(SPT_GUEST_LINK) -T platform/hvt/hvt.lds -o $@ $< --start-group $(HVT_ARCHIVES) $(MUSL_LIB)/libc.a \
		$(shell $(CC) -print-libgcc-file-name) --end-group
$(HVT_CHECK)/%.hvt: $(HVT_CHECK)/%.linked $(B)/check/spt/finish
	$(B)/check/spt/finish $< $@ $(@:.hvt=.debug)
$(HVT_CHECK)/guest-%.o: check/hvt/guest.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -Wall -Wextra -Werror -Wno-array-bounds -Wno-stringop-overflow -O1 -ffreestanding -fno-pic -fno-stack-protector -mno-sse \
		-DDEVICES='"$(word 1,$(subst -, ,$*))"' -DEXTENSION='"$(word 2,$(subst -, ,$*))"' -c $< -o $@
$(HVT_GUESTS): %.image: %.o check/hvt/guest.lds
	$(SPT_GUEST_LINK) -T check/hvt/guest.lds -o $@ $<
$(HVT_CHECK)/peer: check/spt/peer.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -static -o $@ $<

test: $(HVT_IMAGES) $(HVT_GUESTS) $(HVT_CHECK)/peer
.PRECIOUS: $(HVT_CHECK)/%.o $(HVT_CHECK)/%.linked

LINK_OF_tender_test_hypercall := tender/hypercall.c tender/hypercall_net.c
LINK_OF_tender_test_hvt_machine := tender/hvt_machine.c

# The property of the hypercalls, fuzzed with the others.
HVT_FUZZER := $(FUZZ)/check/hvt/prop_hypercall
FUZZERS += $(HVT_FUZZER)
fuzz fuzzers: $(HVT_FUZZER)
$(HVT_FUZZER): $(addprefix $(FUZZ)/,$(addsuffix .o,check/hvt/prop_hypercall tender/hypercall tender/hypercall_net)) $(FUZZ)/libfuzzed.a
	$(CLANG) -fsanitize=fuzzer,address,undefined -o $@ $^
