# SPDX-License-Identifier: ISC
# target-hvt.mk - an image for the hvt tenders: linked by its own script with nothing of the host but the pure members
# of musl's C library, then finished (packing, stripping). dist/NAME.hvt.debug keeps the symbols.

LAYOUT := $(SDK)/lib/$(ARCH)/hvt.lds
# lib/libc answers in front of musl
FREESTANDING := $(filter %/liblibc.a,$(ARCHIVES)) $(MUSL_LIB)/libc.a $(shell $(CC) -print-file-name=libgcc.a)

$O/linked: $(OBJECTS) $(ARCHIVES) $(LAYOUT)
	$(SAY)link $@
	$(Q)$(CC) -nostdlib -static -no-pie -T $(LAYOUT) -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,noexecstack \
		-Wl,--no-warn-rwx-segments -o $@ $(OBJECTS) $(LIBRARY_ARCHIVES) \
		-Wl,--start-group $(ARCHIVES) $(SYSTEM_ARCHIVES) -Wl,--end-group \
		-Wl,--start-group $(FREESTANDING) -Wl,--end-group
$(IMAGE): $O/linked
	@mkdir -p $(@D)
	@$(MORGANA) finish $< $@
