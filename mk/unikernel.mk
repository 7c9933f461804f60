# SPDX-License-Identifier: ISC
# unikernel.mk - how a project is built from what .morgana/build.mk says. Included by its Makefile.
#
# VARIANT=debug builds for a debugger, VARIANT=sanitize (unix) with the sanitizers; CFLAGS adds to the flags that your sources are compiled with; V=1 shows commands.

CC := gcc
ARCH ?= $(shell uname -m)
VARIANT := product
SYSROOTS := $(SDK)/lib
PROJECT_SYSROOT := .morgana/sysroot-$(ARCH)
MORGANA := $(SDK)/bin/morgana
include $(SDK)/share/morgana/flags.mk
Q := $(if $(V),,@)
SAY = @$(if $(findstring s,$(firstword -$(MAKEFLAGS))),true,echo) "  "

G := .morgana
# objects for another CPU than the host's lie apart
O := $(G)/$(TARGET)-$(VARIANT)$(CROSS:%-linux-gnu-=-%)
SOURCES := $(filter-out $(CONFIG),$(wildcard *.c)) $(foreach f,$(LIBRARY_FOLDERS) $(COMPONENT_FOLDERS),$(filter-out $f/test_% $f/prop_%,$(wildcard $f/*.c)))
GENERATED := $(G)/main.c $(G)/stacks.c $(G)/manifest.c $(G)/components.c $(FILE_TABLES)
OBJECTS := $(SOURCES:%.c=$O/%.o) $(GENERATED:$(G)/%.c=$O/%.o)

# Your sources are compiled as Morgana's own are, but no warning stops the build.
FLAGS := $(filter-out -I. -Werror -Wmissing-prototypes -ffile-prefix-map=%,$(FLAGS_$(VARIANT))) \
	-ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(SDK)/include/morgana=morgana -iquote $(G) -iquote $O -iquote . $(addprefix -iquote ,$(sort $(dir $(COMPONENT_FOLDERS)))) \
	-I $(SDK)/include/morgana -I $(SDK)/include -isystem $(G)/include

ARCHIVES := $(wildcard $(COMPONENTS:%=$(SDK)/lib/$(ARCH)/$(VARIANT)/lib%.a))
SYSTEM_ARCHIVES = $(foreach l,$(SYSTEM_LIBRARIES),$(call system_archive,$l))
# where LINK finds a file; `relink` has them all in one folder
at = $1
FINISH = morgana finish
include $(SDK)/share/morgana/target-$(TARGET).mk
include $(SDK)/share/morgana/stacks.mk

# Variants and CPUs share the image's name, so another one than the last links again.
$(IMAGE): $(G)/$(TARGET)-variant
$(G)/$(TARGET)-variant: FORCE
	@echo $(VARIANT) $(ARCH) | cmp -s - $@ || echo $(VARIANT) $(ARCH) >$@

build: $(IMAGE)
.PHONY: all depend build clean relink

# What was linked, and how, for people who want to link it again with another version of a library.
RELINK := dist/$(NAME).relink
relink: at = $(foreach f,$1,$(if $(filter $O/%.o,$f),$(subst /,-,$(f:$O/%=%)),$(notdir $f)))
relink: $(IMAGE)
	@rm -rf $(RELINK) && mkdir -p $(RELINK)
	@$(foreach f,$(LINK_INPUTS),cp $f $(RELINK)/$(call at,$f) &&) true
	@printf '#!/bin/sh\n# Links %s again, with what lies here.\nset -e\ncd "$$(dirname "$$0")"\n' $(notdir $(IMAGE)) >$(RELINK)/relink
	@printf '%s\n' '$(LINK)' $(if $(filter-out $(LINKED),$(IMAGE)),'$(FINISH) $(notdir $(LINKED) $(IMAGE))') >>$(RELINK)/relink
	@chmod +x $(RELINK)/relink

# The image is built from what morgana.lock names, or not at all.
ifneq ($(wildcard morgana.lock),)
$O/locked: morgana.lock $(G)/build.mk $(ARCHIVES)
	@mkdir -p $(@D)
	@$(MORGANA) lock --check && touch $@
$(IMAGE): $O/locked
endif

# What building needs must be there; what running needs is said.
depend:
	@SYSROOTS=$(SYSROOTS) $(SDK)/share/morgana/need $(if $(CROSS),$(ARCH),project $(PACKAGES))
	@$(if $(CROSS),$(if $(PACKAGES),$(SDK)/share/morgana/cross $(ARCH) $(PROJECT_SYSROOT) $(PACKAGES)))
	@$(foreach r,$(RUNS_BY),$(SDK)/share/morgana/need $r$(if $(CROSS),$(if $(filter machine,$r),-$(ARCH))) || true;)
clean:
	rm -rf $(VARIANTS:%=$(G)/*-%) $(G)/*-variant dist

$O/%.o: %.c
	@mkdir -p $(@D)
	$(SAY)compile $<
	$(Q)$(GUEST_CC) $(FLAGS) $(GRAPHS) $(CFLAGS) -MMD -MP -c $< -o $@
$O/%.o: $(G)/%.c
	@mkdir -p $(@D)
	$(SAY)compile $<
	$(Q)$(GUEST_CC) $(FLAGS) $(GRAPHS) -MMD -MP -c $< -o $@
$(OBJECTS): $(G)/build.mk | $(SYSTEM_HEADERS:%=$(G)/include/%)
HEADERS_AT = $(if $(CROSS),$(CURDIR)/$(PROJECT_SYSROOT))/usr/include
# Headers of libraries of the system, one by one, so that nothing else of the host's comes along
$(G)/include/%:
	@mkdir -p $(@D)
	@[ -e $(HEADERS_AT)/$* ] || { echo "morgana: there is no $(HEADERS_AT)/$*: install $(PACKAGES)" >&2; exit 1; }
	@ln -sfn $(HEADERS_AT)/$* $@
-include $(OBJECTS:.o=.d)

# The configuration again, where it changed; tables of files, which are rewritten only where a file did
$(G)/build.mk: $(CONFIG)
	@$(MORGANA) configure --file $(CONFIG)
	@touch $@
$(FILE_TABLES): FORCE
	@$(MORGANA) files $(FILE_FOLDERS)
FORCE:
