# SPDX-License-Identifier: ISC
# unikernel.mk - how a project is built from what .morgana/build.mk says. Included by its Makefile.
#
# VARIANT=debug builds for a debugger; CFLAGS adds to the flags that your sources are compiled with; V=1 shows commands.

CC := gcc
ARCH := x86_64
VARIANT := product
MORGANA := $(SDK)/bin/morgana
include $(SDK)/share/morgana/flags.mk
Q := $(if $(V),,@)
SAY := @echo "  "

G := .morgana
O := $(G)/$(TARGET)-$(VARIANT)
SOURCES := $(filter-out $(CONFIG),$(wildcard *.c)) $(foreach f,$(LIBRARY_FOLDERS),$(wildcard $f/*.c))
GENERATED := $(G)/main.c $(G)/manifest.c $(G)/components.c $(FILE_TABLES)
OBJECTS := $(SOURCES:%.c=$O/%.o) $(GENERATED:$(G)/%.c=$O/%.o)

# Your sources are compiled as Morgana's own are, but no warning stops the build.
FLAGS := $(filter-out -I. -Werror -Wmissing-prototypes -ffile-prefix-map=%,$(FLAGS_$(VARIANT))) \
	-ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(SDK)/include/morgana=morgana -iquote $(G) -iquote . -I $(SDK)/include/morgana -I $(SDK)/include

ARCHIVES := $(wildcard $(COMPONENTS:%=$(SDK)/lib/$(ARCH)/$(VARIANT)/lib%.a))
SYSTEM_ARCHIVES := $(foreach l,$(SYSTEM_LIBRARIES),$(shell $(CC) -print-file-name=lib$l.a))
include $(SDK)/share/morgana/target-$(TARGET).mk

build: $(IMAGE)
.PHONY: all depend build clean

depend:
	@$(SDK)/share/morgana/need build
clean:
	rm -rf $(G)/*-product $(G)/*-debug dist

$O/%.o: %.c
	@mkdir -p $(@D)
	$(SAY)compile $<
	$(Q)$(CC) $(FLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
$O/%.o: $(G)/%.c
	@mkdir -p $(@D)
	$(SAY)compile $<
	$(Q)$(CC) $(FLAGS) -MMD -MP -c $< -o $@
$(OBJECTS): $(G)/build.mk
-include $(OBJECTS:.o=.d)

# The configuration again, where it changed; tables of files, which are rewritten only where a file did
$(G)/build.mk: $(CONFIG)
	@$(MORGANA) configure --file $(CONFIG)
	@touch $@
$(FILE_TABLES): FORCE
	@$(MORGANA) files $(FILE_FOLDERS)
FORCE:
