# SPDX-License-Identifier: ISC
# The unikernel of the network tests (check/net) as a virtual machine, for check/virtio.

VIRTIO_HOST := $(B)/check/virtio/host.virtio
VIRTIO_HOST_ARCHIVES = $(filter-out $(patsubst %,$(B)/$(ARCH)/product/libplatform-%.a,$(filter-out common virtio,$(notdir $(PLATFORMS)))),$(call archives,product))
$(VIRTIO_HOST): $(B)/check/net/host.o $(B)/check/net/host_one.o $(B)/check/net/no_sockets.o platform/virtio/x86_64/virtio.lds $(call archives,product)
	@mkdir -p $(@D)
	$(CC) -nostdlib -static -no-pie -T platform/virtio/x86_64/virtio.lds -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,noexecstack \
		-Wl,-z,max-page-size=16 -o $@ $(filter %.o,$^) -Wl,--start-group $(filter-out %/liblibc.a,$(VIRTIO_HOST_ARCHIVES)) \
		$(foreach l,$(LIBRARIES),$(shell $(CC) -print-file-name=lib$l.a)) -Wl,--end-group \
		-Wl,--start-group $(filter %/liblibc.a,$(VIRTIO_HOST_ARCHIVES)) $(MUSL_LIB)/libc.a $(shell $(CC) -print-libgcc-file-name) -Wl,--end-group
test: $(VIRTIO_HOST)

# What a device tree and a device may say, fuzzed with the other properties.
VIRTIO_FUZZERS := $(addprefix $(FUZZ)/platform/virtio/,prop_tree prop_virtqueue)
FUZZERS += $(VIRTIO_FUZZERS)
fuzz fuzzers mutants: $(VIRTIO_FUZZERS)
FUZZED_prop_tree := platform/virtio/devicetree/tree
FUZZED_prop_virtqueue := platform/virtio/virtqueue
.SECONDEXPANSION:
$(VIRTIO_FUZZERS): $(FUZZ)/platform/virtio/%: $(FUZZ)/platform/virtio/%.o $$(foreach o,$$(FUZZED_$$*),$(FUZZ)/$$o.o) $(FUZZ)/libfuzzed.a
	$(CLANG) -fsanitize=fuzzer,address,undefined -o $@ $^
LINK_OF_platform_virtio_test_tree := platform/virtio/devicetree/tree.c
LINK_OF_platform_virtio_test_virtqueue := platform/virtio/virtqueue.c
$(foreach t,$(addprefix platform/virtio/test_,tree virtqueue),$(eval $(TEST)/$t: $(LINK_OF_$(subst /,_,$t))))
