# SPDX-License-Identifier: ISC
# target-unix.mk - an ordinary process of the host, with the host's own C library.

HOSTED := yes

$(IMAGE): $(OBJECTS) $(ARCHIVES)
	@mkdir -p $(@D)
	$(SAY)link $@
	$(Q)$(CC) -no-pie -Wl,--gc-sections -Wl,-z,noexecstack -Wl,-Map=$O/map -o $@ $(OBJECTS) $(LIBRARY_ARCHIVES) \
		-Wl,--start-group $(filter-out %/liblibc.a,$(ARCHIVES)) $(SYSTEM_ARCHIVES) -Wl,--end-group
