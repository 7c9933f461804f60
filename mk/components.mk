# SPDX-License-Identifier: ISC
# One archive for each component, architecture and variant: build/ARCH/VARIANT/libNAME.a

# Files named for a system of hosts, NAME_linux.c, are compiled on that one alone; _bsd is all but Linux.
SYSTEM := $(subst darwin,macos,$(shell uname -s | tr A-Z a-z))
OTHER_SYSTEMS := $(filter-out $(SYSTEM) $(if $(filter-out linux,$(SYSTEM)),bsd),linux bsd freebsd openbsd macos)
of_this_system = $(filter-out $(foreach s,$(OTHER_SYSTEMS),%_$s.c),$1)

# A component's line `cpus:` says which it is for; a folder in it that is named like a CPU has sources for that one alone.
for_cpu = $(foreach f,$1,$(if $(filter $(ARCH),$(or $(shell sed -n 's/^cpus: *//p' $f/component),$(ARCH))),$f))
ROOMS := base interface runtime arch/common arch/$(ARCH)
PLATFORMS := $(filter-out $(if $(CROSS),$(HOSTED_FOLDERS)),$(call for_cpu,$(patsubst %/component,%,$(wildcard platform/*/component))))
LIBS := $(filter-out $(if $(CROSS),$(HOSTED_FOLDERS)),$(patsubst %/component,%,$(wildcard lib/*/component)))
GUEST_FOLDERS := $(ROOMS) $(PLATFORMS) $(LIBS)

# folder -> archive name: base, runtime, arch-x86_64, platform-spt, tcp
archive_name = $(patsubst lib/%,%,$(if $(filter lib/%,$1),$1,$(subst /,-,$1)))
sources = $(call of_this_system,$(filter-out $1/test_% $1/prop_%,$(wildcard $1/*.[cS] $(foreach c,$(CPU_FOLDERS),$1/$c/*.[cS]))))
objects = $(patsubst %,$(B)/$(ARCH)/$2/%.o,$(basename $(call sources,$1)))

define archive_rule
$(B)/$(ARCH)/$2/lib$(call archive_name,$1).a: $(call objects,$1,$2)
	@mkdir -p $$(@D)
	@rm -f $$@
	$(AR) rcsD $$@ $$^
endef
$(foreach v,$(VARIANTS),$(foreach f,$(GUEST_FOLDERS),$(eval $(call archive_rule,$f,$v))))
archives = $(foreach f,$(GUEST_FOLDERS),$(B)/$(ARCH)/$1/lib$(call archive_name,$f).a)

# How a file is compiled, by variant and path without its suffix.
HOT := $(foreach f,$(GUEST_FOLDERS),$(addprefix $f/,$(basename $(shell sed -n 's/^hot: *//p' $f/component))))
flags_for = $(if $(filter $(addsuffix /%,$(HOSTED_FOLDERS)),$2),$(HOSTED_$1),$(FLAGS_$1)) \
	$(if $(filter product,$1),-DPANIC_PLACE_ONLY -DSHARE_INLINE $(if $(filter $2,$(HOT)),$(FOR_SPEED)))

# The small functions of headers that product images share (INLINE, base/attr.h) get names there that a program or a library of
# others cannot have.
SHARED_HEADERS := $(wildcard base/*.h) interface/address.h lib/http/octet.h
SHARED_NAMES := $(B)/shared-names
$(SHARED_NAMES): $(SHARED_HEADERS) mk/components.mk
	@mkdir -p $(@D)
	@sed -n 's/^\(MUST_CHECK \)\{0,1\}INLINE .*[ *]\([a-z0-9_]*\)(.*/\2 morgana.\2/p' $(SHARED_HEADERS) >$@

define compile_rules
$(B)/$(ARCH)/$1/%.o: %.c mk/flags.mk mk/components.mk $(if $(filter product,$1),| $(SHARED_NAMES))
	@mkdir -p $$(@D)
	$$(GUEST_CC) $$(call flags_for,$1,$$*) $$(FLAGS_OF_$$(firstword $$(subst /, ,$$*))) $(if $(filter product,$1),-fcallgraph-info=su) -MMD -MP -c $$< -o $$@
	$(if $(filter product,$1),@$(CROSS)objcopy --redefine-syms=$(SHARED_NAMES) $$@)
$(B)/$(ARCH)/$1/%.o: %.S mk/flags.mk
	@mkdir -p $$(@D)
	$$(GUEST_CC) $$(call flags_for,$1,$$*) -MMD -MP -c $$< -o $$@
endef
$(foreach v,$(VARIANTS),$(eval $(call compile_rules,$v)))

#: make            builds the SDK into build/
all: $(foreach v,$(VARIANTS),$(call archives,$v))
