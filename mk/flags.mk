# SPDX-License-Identifier: ISC
# How Morgana is compiled: warnings for everybody, and a set of flags for each build variant.

WARNINGS := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum -Wvla \
	-Wstrict-prototypes -Wmissing-prototypes -Werror
# Images may be for another CPU than the host's: then the C library lies in the SDK, where mk/cross unpacked it.
HOST_ARCH := $(shell uname -m)
CROSS := $(if $(filter-out $(HOST_ARCH),$(ARCH)),$(ARCH)-linux-gnu-)
GUEST_CC = $(if $(CROSS),$(said)$(CROSS)gcc,$(CC))
SYSROOT := $(if $(CROSS),$(SYSROOTS)/$(ARCH)/sysroot)
MUSL_INCLUDE := $(SYSROOT)/usr/include/$(ARCH)-linux-musl
MUSL_LIB := $(SYSROOT)/usr/lib/$(ARCH)-linux-musl
GCC_INCLUDE := $(shell $(GUEST_CC) -print-file-name=include)
LIBGCC := $(shell $(GUEST_CC) -print-libgcc-file-name)
# a static archive of the system: libNAME.a
system_archive = $(if $(CROSS),$(firstword $(wildcard $(foreach s,$(SYSROOT) $(PROJECT_SYSROOT),$s/usr/lib/$(ARCH)-linux-gnu/lib$1.a)) lib$1.a),$(shell $(CC) -print-file-name=lib$1.a))
# folders in a component whose sources are for this CPU alone: its own, and what CPUs share whose machines a device tree describes
CPU_FOLDERS := $(ARCH) $(if $(filter aarch64 riscv64,$(ARCH)),devicetree thread_below)
COMMON := -std=gnu11 -g -I. $(WARNINGS) -fno-common -fno-omit-frame-pointer \
	-ffile-prefix-map=$(CURDIR)=morgana -ffunction-sections -fdata-sections

# What goes into images: compiled against musl's headers, so that one archive serves every target.
CPU_x86_64 := -momit-leaf-frame-pointer -mno-avx
# Return addresses are signed, on CPUs that can; the others take the two instructions for none.
CPU_aarch64 := -momit-leaf-frame-pointer -mno-outline-atomics -mbranch-protection=pac-ret
CPU_riscv64 := -march=rv64gc -mabi=lp64d -mcmodel=medany
GUEST := $(COMMON) -nostdinc -isystem $(MUSL_INCLUDE) -isystem $(GCC_INCLUDE) -fno-pic $(CPU_$(ARCH))
# bounds-strict: plain "bounds" leaves out every array that is the last member of a struct
TRAPS := -fsanitize=bounds-strict,shift,signed-integer-overflow,unreachable,integer-divide-by-zero,vla-bound,return \
	-fsanitize-undefined-trap-on-error
# those for processes of the host are made for the host's CPU
VARIANTS ?= product debug $(if $(CROSS),,sanitize)
# Small is the rule (-Oz); what runs for every frame or request, named in the line `hot:` of its component, is compiled for
# speed, but for what costs bytes and gains nothing there. docs/design.md has the figures.
FOR_SPEED := -O2 -fshrink-wrap -ftree-pre -fno-align-functions -fno-align-loops -fno-align-jumps -fno-align-labels -fno-tree-vectorize \
	-fno-inline-functions
# of x86_64 these make images smaller, of aarch64 larger
SMALLER_x86_64 := -fno-shrink-wrap -fno-tree-pre -fno-ipa-sra
VARIANT_product := -Oz $(SMALLER_$(ARCH)) -fstack-protector-strong -ftrivial-auto-var-init=zero $(TRAPS)
VARIANT_debug := -Og -fstack-protector-strong $(TRAPS)
VARIANT_sanitize := -O1 -fno-pie -fsanitize=address,undefined,bounds-strict -fno-sanitize-recover=all
$(foreach v,$(VARIANTS),$(eval FLAGS_$v := $(GUEST) $(VARIANT_$v)))
# Targets that are processes of the host: its own headers and C library.
HOSTED_FOLDERS := platform/unix lib/sockets
$(foreach v,$(VARIANTS),$(eval HOSTED_$v := $(COMMON) -momit-leaf-frame-pointer -D_GNU_SOURCE -fno-pie $(VARIANT_$v)))

# Programs for the host.
HOST := $(COMMON) -momit-leaf-frame-pointer -O2 -D_GNU_SOURCE -fstack-protector-strong
HOST_OF_CPU := $(filter-out $(if $(filter riscv64,$(ARCH)),-momit-leaf-frame-pointer),$(HOST))
# Unit tests: ordinary programs with the sanitizers.
TESTS := $(filter-out -Wmissing-prototypes,$(COMMON)) -O1 -D_GNU_SOURCE -Wno-clobbered -fno-pie -no-pie $(if $(CROSS),,\
	-momit-leaf-frame-pointer -fsanitize=address,undefined,bounds-strict -fno-sanitize-recover=all)
