# SPDX-License-Identifier: ISC
# TCP as packetdrill sees it: a shared object that it loads instead of using the kernel.

PACKETDRILL := $(B)/libmorgana-packetdrill.so
PACKETDRILL_SOURCES := $(wildcard check/packetdrill/*.c) cli/panic.c \
	$(foreach f,base interface $(addprefix lib/,checksum icmp icmpv6 ipv4 ipv6 packet tcp),$(filter %.c,$(call sources,$f)))
PACKETDRILL_OBJECTS := $(patsubst %.c,$(B)/packetdrill/%.o,$(PACKETDRILL_SOURCES))

$(B)/packetdrill/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -Wno-conversion -fPIC -MMD -MP -c $< -o $@
$(PACKETDRILL): $(PACKETDRILL_OBJECTS) check/packetdrill/exported
	$(CC) -shared -pthread -Wl,--version-script=check/packetdrill/exported -o $@ $(PACKETDRILL_OBJECTS)

#: make packetdrill  builds libmorgana-packetdrill.so, for packetdrill --so_filename
packetdrill: $(PACKETDRILL)
.PHONY: packetdrill
