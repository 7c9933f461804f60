# SPDX-License-Identifier: ISC
# The SDK under build/: bin/ the commands, include/ the headers, lib/ the archives, share/morgana/ what the command
# and generated Makefiles read. Installing copies these four folders.

VERSION := $(shell cat VERSION)

# ---- The command, and the library that config.c is linked with

MORGANA_OBJECTS := $(patsubst %.c,$(B)/host/%.o,$(call of_this_system,$(filter-out cli/test_%,$(wildcard cli/*.c))))
CONFIG_OBJECTS := $(patsubst %.c,$(B)/host/%.o,$(wildcard cli/config/*.c) cli/panic.c)
$(B)/host/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -DMORGANA_VERSION='"$(VERSION)"' -MMD -MP -c $< -o $@
$(B)/host/cli/morgana.o: VERSION
$(B)/bin/morgana: $(MORGANA_OBJECTS)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ -lnettle
$(B)/lib/host/libconfig.a: $(CONFIG_OBJECTS)
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcsD $@ $^

# ---- Copies: headers as in the tree, archives, linker scripts, manifests
copy = @mkdir -p $(@D) && rm -f $@ && cp $< $@
SDK_HEADERS := $(patsubst %,$(B)/include/morgana/%,$(wildcard abi/*.h base/*.h interface/*.h platform/*.h platform/*/*.h \
	arch/*.h runtime/*.h lib/*/*.h))
$(B)/include/morgana/config.h: cli/config/config.h
	$(copy)
$(B)/include/morgana/%.h: %.h
	$(copy)

SDK_ARCHIVES := $(foreach v,$(VARIANTS),$(patsubst $(B)/$(ARCH)/$v/%,$(B)/lib/$(ARCH)/$v/%,$(call archives,$v)))
$(B)/lib/$(ARCH)/product/%.a: $(B)/$(ARCH)/product/%.a
	$(copy)
$(B)/lib/$(ARCH)/debug/%.a: $(B)/$(ARCH)/debug/%.a
	$(copy)
$(B)/lib/$(ARCH)/sanitize/%.a: $(B)/$(ARCH)/sanitize/%.a
	$(copy)
LAYOUTS := $(foreach p,$(PLATFORMS),$(wildcard $p/*.lds $p/$(ARCH)/*.lds))
SDK_SCRIPTS := $(foreach s,$(LAYOUTS),$(B)/lib/$(ARCH)/$(notdir $s))
$(foreach s,$(LAYOUTS),$(eval $(B)/lib/$(ARCH)/$(notdir $s): $s ; $$(copy)))

SDK_COMPONENTS := $(foreach f,$(GUEST_FOLDERS) $(patsubst %/component,%,$(wildcard abi/component)),$(B)/share/morgana/$(call archive_name,$f).component)
$(foreach f,$(GUEST_FOLDERS) $(patsubst %/component,%,$(wildcard abi/component)),$(eval \
	$(B)/share/morgana/$(call archive_name,$f).component: $f/component ; $$(copy)))
SDK_RULES := $(foreach f,unikernel.mk stacks.mk flags.mk need cross $(notdir $(wildcard mk/target-*.mk)),$(B)/share/morgana/$f)
$(B)/share/morgana/%: mk/%
	$(copy)

SDK_TEMPLATES := $(patsubst examples/templates/%,$(B)/share/morgana/templates/%,$(shell find examples/templates -type f))
$(SDK_TEMPLATES): $(B)/share/morgana/templates/%: examples/templates/%
	$(copy)

# ---- Man pages and completions, from the tables of the command
SDK_PAGES := $(B)/share/man/man1/morgana.1 $(B)/share/bash-completion/completions/morgana $(B)/share/zsh/site-functions/_morgana \
	$(B)/share/fish/completions/morgana.fish
$(B)/share/man/man1/morgana.1: $(B)/bin/morgana
	@$< man $(@D) && touch $@
$(filter %/morgana %/_morgana %.fish,$(SDK_PAGES)): $(B)/bin/morgana
	@mkdir -p $(@D)
	@$< completion $(if $(findstring /zsh/,$@),zsh,$(if $(findstring /fish/,$@),fish,bash)) >$@

# ---- Sources, for debuggers, and their call graphs, for the depths of stacks
SDK_SOURCES := $(patsubst %,$(B)/share/morgana/source/%,$(foreach f,$(GUEST_FOLDERS) abi,\
	$(filter-out $f/test_% $f/prop_%,$(wildcard $f/*.[chS] $(foreach c,$(CPU_FOLDERS),$f/$c/*.[chS])))))
GRAPHS_AT := $(B)/share/morgana/graphs/$(ARCH)
SDK_GRAPHS := $(foreach f,$(filter-out $(HOSTED_FOLDERS),$(GUEST_FOLDERS)),$(patsubst %.c,$(GRAPHS_AT)/%.ci,$(filter %.c,$(call sources,$f))))
$(SDK_GRAPHS): $(GRAPHS_AT)/%.ci: $(B)/$(ARCH)/product/%.o
	@mkdir -p $(@D) && cp $(<:.o=.ci) $@
$(SDK_SOURCES): $(B)/share/morgana/source/%: %
	$(copy)
$(B)/share/morgana/source/stacks.list: check/gates/indirect
	$(copy)
$(B)/bin/morgana-stackdepth: $(B)/check/stackdepth
	$(copy)
SDK_SOURCES += $(SDK_GRAPHS) $(B)/share/morgana/source/stacks.list $(B)/bin/morgana-stackdepth

SDK := $(B)/bin/morgana $(B)/lib/host/libconfig.a $(B)/include/morgana/config.h \
	$(SDK_HEADERS) $(SDK_ARCHIVES) $(SDK_SCRIPTS) $(SDK_COMPONENTS) $(SDK_RULES) $(SDK_SOURCES) $(SDK_TEMPLATES) $(SDK_PAGES)
all: $(SDK)

# A new file and not the old one's bytes, since commands of the old SDK may be running.
#: make install    copies the SDK to PREFIX (/usr/local)
PREFIX := /usr/local
install: all
	@mkdir -p $(PREFIX)
	cp -r --remove-destination $(B)/bin $(B)/include $(B)/share $(PREFIX)/
	@mkdir -p $(PREFIX)/lib
	cp -r --remove-destination $(B)/lib/host $(B)/lib/$(ARCH) $(PREFIX)/lib/
.PHONY: install

#: make run        the example website as a sandboxed unikernel, on http://127.0.0.1:PORT/ (8080)
PORT := 8080
WEBSITE := examples/applications/static-website
run: all
	@mk/need run
	cd $(WEBSITE) && $(CURDIR)/$(B)/bin/morgana configure -t spt && $(MAKE) --no-print-directory
	cd $(WEBSITE) && exec $(CURDIR)/$(B)/bin/morgana run -p $(PORT):80
.PHONY: run
