# SPDX-License-Identifier: ISC
# Libraries of others: a component names them in its line `libraries:`. Their headers are reached by a link,
# one for each, so that nothing else of the host's headers comes along.

LIBRARIES := $(sort $(shell sed -n "s/^libraries: *//p" $(wildcard lib/*/component)))
LIBRARY_HEADERS := $(patsubst %,$(B)/include/%,$(LIBRARIES))

$(B)/include/%:
	@mkdir -p $(@D)
	ln -sfn /usr/include/$* $@
$(foreach v,$(VARIANTS),$(foreach l,$(LIBS),$(call objects,$l,$v))): | $(LIBRARY_HEADERS)
$(UNIT_PROGRAMS): | $(LIBRARY_HEADERS)
FLAGS_OF_lib += -isystem $(B)/include
TESTS += -isystem $(B)/include

# musl's libc.a with the names weakened that lib/libc defines: a member of musl that is needed for another
# name (the one of fwrite, for snprintf) then does not clash. Images are linked with
#     --start-group ... --whole-archive liblibc.a --no-whole-archive libmusl.a --end-group --gc-sections
LIBMUSL := $(B)/$(ARCH)/libmusl.a
$(LIBMUSL): $(B)/$(ARCH)/product/liblibc.a
	nm -g --defined-only $< | awk 'NF == 3 { print $$3 }' | sort -u >$@.names
	$(CROSS)objcopy --weaken-symbols=$@.names $(MUSL_LIB)/libc.a $@
all: $(LIBMUSL)
