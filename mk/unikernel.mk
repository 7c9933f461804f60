# SPDX-License-Identifier: ISC
# unikernel.mk - how a project is built from what .morgana/build.mk says. Included by its Makefile.
#
# VARIANT=debug builds for a debugger, VARIANT=sanitize (unix) with the sanitizers; CFLAGS adds to the flags that your sources are compiled with; V=1 shows commands.

CC := gcc
ARCH := x86_64
VARIANT := product
MORGANA := $(SDK)/bin/morgana
include $(SDK)/share/morgana/flags.mk
Q := $(if $(V),,@)
SAY = @$(if $(findstring s,$(firstword -$(MAKEFLAGS))),true,echo) "  "

G := .morgana
O := $(G)/$(TARGET)-$(VARIANT)
SOURCES := $(filter-out $(CONFIG),$(wildcard *.c)) $(foreach f,$(LIBRARY_FOLDERS) $(COMPONENT_FOLDERS),$(filter-out $f/test_% $f/prop_%,$(wildcard $f/*.c)))
GENERATED := $(G)/main.c $(G)/stacks.c $(G)/manifest.c $(G)/components.c $(FILE_TABLES)
OBJECTS := $(SOURCES:%.c=$O/%.o) $(GENERATED:$(G)/%.c=$O/%.o)

# Your sources are compiled as Morgana's own are, but no warning stops the build.
FLAGS := $(filter-out -I. -Werror -Wmissing-prototypes -ffile-prefix-map=%,$(FLAGS_$(VARIANT))) \
	-ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(SDK)/include/morgana=morgana -iquote $(G) -iquote $O -iquote . $(addprefix -iquote ,$(sort $(dir $(COMPONENT_FOLDERS)))) \
	-I $(SDK)/include/morgana -I $(SDK)/include -isystem $(G)/include

ARCHIVES := $(wildcard $(COMPONENTS:%=$(SDK)/lib/$(ARCH)/$(VARIANT)/lib%.a))
SYSTEM_ARCHIVES := $(foreach l,$(SYSTEM_LIBRARIES),$(shell $(CC) -print-file-name=lib$l.a))
# where LINK finds a file; `relink` has them all in one folder
at = $1
FINISH = morgana finish
include $(SDK)/share/morgana/target-$(TARGET).mk
include $(SDK)/share/morgana/stacks.mk

# Variants share the image's name, so another one than the last links again.
$(IMAGE): $(G)/$(TARGET)-variant
$(G)/$(TARGET)-variant: FORCE
	@echo $(VARIANT) | cmp -s - $@ || echo $(VARIANT) >$@

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
	@$(SDK)/share/morgana/need project $(PACKAGES)
	@$(foreach r,$(RUNS_BY),$(SDK)/share/morgana/need $r || true;)
clean:
	rm -rf $(VARIANTS:%=$(G)/*-%) $(G)/*-variant dist

$O/%.o: %.c
	@mkdir -p $(@D)
	$(SAY)compile $<
	$(Q)$(CC) $(FLAGS) $(GRAPHS) $(CFLAGS) -MMD -MP -c $< -o $@
$O/%.o: $(G)/%.c
	@mkdir -p $(@D)
	$(SAY)compile $<
	$(Q)$(CC) $(FLAGS) $(GRAPHS) -MMD -MP -c $< -o $@
$(OBJECTS): $(G)/build.mk | $(SYSTEM_HEADERS:%=$(G)/include/%)
# Headers of libraries of the system, one by one, so that nothing else of the host's comes along
$(G)/include/%:
	@mkdir -p $(@D)
	@[ -e /usr/include/$* ] || { echo "morgana: there is no /usr/include/$*: install $(PACKAGES)" >&2; exit 1; }
	@ln -sfn /usr/include/$* $@
-include $(OBJECTS:.o=.d)

# The configuration again, where it changed; tables of files, which are rewritten only where a file did
$(G)/build.mk: $(CONFIG)
	@$(MORGANA) configure --file $(CONFIG)
	@touch $@
$(FILE_TABLES): FORCE
	@$(MORGANA) files $(FILE_FOLDERS)
FORCE:
