# SPDX-License-Identifier: ISC
# target-spt.mk - an image for the spt tenders: linked by its own script with nothing of the host but the pure members
# of musl's C library, then finished (guard pages, packing, stripping). dist/NAME.spt.debug keeps the symbols.

$(if $(filter sanitize,$(VARIANT)),$(error the sanitizers need a process: morgana configure -t unix))
LAYOUT := $(SDK)/lib/$(ARCH)/$(TARGET).lds
# lib/libc answers in front of musl
FREESTANDING := $(filter %/liblibc.a,$(ARCHIVES)) $(MUSL_LIB)/libc.a $(LIBGCC)
LINKED := $O/linked
LINK_INPUTS = $(LAYOUT) $(OBJECTS) $(LIBRARY_ARCHIVES) $(ARCHIVES) $(SYSTEM_ARCHIVES) $(FREESTANDING)
LINK = $(GUEST_CC) -nostdlib -static -no-pie $(LINK_OF_TARGET) -T $(call at,$(LAYOUT)) -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,noexecstack \
	-Wl,--no-warn-rwx-segments -o $(call at,$(LINKED)) $(call at,$(OBJECTS) $(LIBRARY_ARCHIVES)) \
	-Wl,--start-group $(call at,$(ARCHIVES) $(SYSTEM_ARCHIVES)) -Wl,--end-group \
	-Wl,--start-group $(call at,$(FREESTANDING)) -Wl,--end-group

$O/linked: $(OBJECTS) $(ARCHIVES) $(LAYOUT)
	$(SAY)link $@
	$(Q)$(LINK) -Wl,-Map=$O/map
$(IMAGE): $O/linked
	@mkdir -p $(@D)
	@$(MORGANA) finish $< $@
