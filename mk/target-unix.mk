# SPDX-License-Identifier: ISC
# target-unix.mk - an ordinary process of the host, with the host's own C library.

SANITIZERS := $(if $(filter sanitize,$(VARIANT)),$(filter -fsanitize=%,$(VARIANT_sanitize)))

$(IMAGE): $(OBJECTS) $(ARCHIVES)
	@mkdir -p $(@D)
	$(SAY)link $@
	$(Q)$(CC) -no-pie $(SANITIZERS) -Wl,--gc-sections -Wl,-z,noexecstack -o $@ $(OBJECTS) $(LIBRARY_ARCHIVES) \
		-Wl,--start-group $(filter-out %/liblibc.a,$(ARCHIVES)) $(SYSTEM_ARCHIVES) -Wl,--end-group
