# SPDX-License-Identifier: ISC
# target-virtio.mk - a virtual machine: linked by its own script with nothing of the host but the pure members of musl's C
# library. dist/NAME.virtio starts by PVH; `make multiboot` also makes dist/NAME.virtio.multiboot, for loaders that know
# Multiboot 1 alone, such as GRUB. dist/NAME.virtio.debug keeps the symbols. Images for aarch64 and riscv64 are started as Linux kernels are.

$(if $(filter sanitize,$(VARIANT)),$(error the sanitizers need a process: morgana configure -t unix))
LAYOUT := $(SDK)/lib/$(ARCH)/virtio.lds
# lib/libc answers in front of musl
FREESTANDING := $(filter %/liblibc.a,$(ARCHIVES)) $(MUSL_LIB)/libc.a $(LIBGCC)
LINKED := $O/linked
# what is given to a machine: for aarch64 as it lies in memory, with the header of a Linux kernel, else an ELF file
FINISH := $(CROSS)objcopy $(if $(filter aarch64,$(ARCH)),-O binary,--strip-all)
LINK_INPUTS = $(LAYOUT) $(OBJECTS) $(LIBRARY_ARCHIVES) $(ARCHIVES) $(SYSTEM_ARCHIVES) $(FREESTANDING)
LINK = $(GUEST_CC) -nostdlib -static -no-pie -T $(call at,$(LAYOUT)) -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,noexecstack \
	-Wl,-z,max-page-size=16 -o $(call at,$(LINKED)) $(call at,$(OBJECTS) $(LIBRARY_ARCHIVES)) \
	-Wl,--start-group $(call at,$(ARCHIVES) $(SYSTEM_ARCHIVES)) -Wl,--end-group \
	-Wl,--start-group $(call at,$(FREESTANDING)) -Wl,--end-group

$O/linked: $(OBJECTS) $(ARCHIVES) $(LAYOUT)
	$(SAY)link $@
	$(Q)$(LINK) -Wl,-Map=$O/map
$(IMAGE): $O/linked
	@mkdir -p $(@D)
	$(Q)cp $< $@.debug && $(FINISH) $< $@

# the image as it lies in memory, with the magic number in its first word
multiboot: $(IMAGE).multiboot
	@true
$(IMAGE).multiboot: $O/linked
	@mkdir -p $(@D)
	$(Q)objcopy -O binary $< $@
	$(Q)printf '\002\260\255\033' | dd of=$@ conv=notrunc status=none
.PHONY: multiboot
