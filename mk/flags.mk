# SPDX-License-Identifier: ISC
# How Morgana is compiled: warnings for everybody, and a set of flags for each build variant.

WARNINGS := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum -Wvla \
	-Wstrict-prototypes -Wmissing-prototypes -Werror
MUSL_INCLUDE := /usr/include/$(ARCH)-linux-musl
MUSL_LIB := /usr/lib/$(ARCH)-linux-musl
GCC_INCLUDE := $(shell $(CC) -print-file-name=include)
COMMON := -std=gnu11 -g -I. $(WARNINGS) -fno-common -fno-omit-frame-pointer -momit-leaf-frame-pointer \
	-ffile-prefix-map=$(CURDIR)=morgana -ffunction-sections -fdata-sections

# What goes into images: compiled against musl's headers, so that one archive serves every target.
GUEST := $(COMMON) -nostdinc -isystem $(MUSL_INCLUDE) -isystem $(GCC_INCLUDE) -fno-pic -mno-avx
# bounds-strict: plain "bounds" leaves out every array that is the last member of a struct
TRAPS := -fsanitize=bounds-strict,shift,signed-integer-overflow,unreachable,integer-divide-by-zero,vla-bound,return \
	-fsanitize-undefined-trap-on-error
VARIANTS := product debug sanitize
# Small is the rule (-Oz); what runs for every frame or request, named in the line `hot:` of its component, is -Os.
VARIANT_product := -Oz -fstack-protector-strong -ftrivial-auto-var-init=zero $(TRAPS)
VARIANT_debug := -Og -fstack-protector-strong $(TRAPS)
VARIANT_sanitize := -O1 -fno-pie -fsanitize=address,undefined,bounds-strict -fno-sanitize-recover=all
$(foreach v,$(VARIANTS),$(eval FLAGS_$v := $(GUEST) $(VARIANT_$v)))
# Targets that are processes of the host: its own headers and C library.
HOSTED_FOLDERS := platform/unix
$(foreach v,$(VARIANTS),$(eval HOSTED_$v := $(COMMON) -D_GNU_SOURCE -fno-pie $(VARIANT_$v)))

# Programs for the host.
HOST := $(COMMON) -O2 -D_GNU_SOURCE -fstack-protector-strong
# Unit tests: ordinary programs with the sanitizers.
TESTS := $(filter-out -Wmissing-prototypes,$(COMMON)) -O1 -D_GNU_SOURCE -fno-pie -no-pie -Wno-clobbered -fsanitize=address,undefined,bounds-strict -fno-sanitize-recover=all
