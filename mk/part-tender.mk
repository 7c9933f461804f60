# SPDX-License-Identifier: ISC
# morgana-spt: a static PIE over musl, since the image takes the addresses where an ordinary program would lie, and since
# it starts fastest. The kernel's headers come behind musl's.

TENDER := $(B)/bin/morgana-spt
TENDER_SOURCES := $(filter-out tender/test_%,$(wildcard tender/*.c tender/*.S)) base/err.c
TENDER_OBJECTS := $(patsubst %,$(B)/host-musl/%.o,$(basename $(TENDER_SOURCES)))
TENDER_FLAGS := $(COMMON) -O2 -D_GNU_SOURCE -fPIE -fstack-protector-strong -nostdinc -isystem $(MUSL_INCLUDE) \
	-isystem $(GCC_INCLUDE) -idirafter /usr/include -idirafter /usr/include/$(ARCH)-linux-gnu
TENDER_LINK := -static-pie -nostdlib -nostartfiles -Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections,--build-id=none

$(B)/host-musl/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(TENDER_FLAGS) -MMD -MP -c $< -o $@
$(B)/host-musl/%.o: %.S
	@mkdir -p $(@D)
	$(CC) $(TENDER_FLAGS) -MMD -MP -c $< -o $@

$(TENDER): $(TENDER_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(TENDER_LINK) -o $@ $(MUSL_LIB)/rcrt1.o $(MUSL_LIB)/crti.o $^ \
		-Wl,--start-group $(MUSL_LIB)/libc.a -lgcc -Wl,--end-group $(MUSL_LIB)/crtn.o

all: $(TENDER)
