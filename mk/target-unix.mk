# SPDX-License-Identifier: ISC
# target-unix.mk - an ordinary process of the host, with the host's own C library.

HOSTED := yes
SANITIZERS := $(if $(filter sanitize,$(VARIANT)),$(filter -fsanitize=%,$(VARIANT_sanitize)))
LINKED := $(IMAGE)
LINK_INPUTS = $(OBJECTS) $(LIBRARY_ARCHIVES) $(filter-out %/liblibc.a,$(ARCHIVES)) $(SYSTEM_ARCHIVES)
LINK = $(CC) -no-pie $(SANITIZERS) -Wl,--gc-sections -Wl,-z,noexecstack -o $(call at,$(LINKED)) $(call at,$(OBJECTS) $(LIBRARY_ARCHIVES)) \
	-Wl,--start-group $(call at,$(filter-out %/liblibc.a,$(ARCHIVES)) $(SYSTEM_ARCHIVES)) -Wl,--end-group

$(IMAGE): $(OBJECTS) $(ARCHIVES)
	@mkdir -p $(@D)
	$(SAY)link $@
	$(Q)$(LINK) -Wl,-Map=$O/map
