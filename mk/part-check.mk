# SPDX-License-Identifier: ISC
# What machines check of the code itself: `make check`. The rules are in check/gates, one script each.
# Packages: clang-19 libclang-rt-19-dev binutils; make prove: frama-c-base

CLANG := clang-19
FRAMAC := frama-c

# ---- Trees: what clang makes of each source, with its warnings in a file beside it.
CHECKED = $(foreach f,$(GUEST_FOLDERS),$(filter %.c,$(call sources,$f)))
CHECKED_HOST = $(foreach f,tender cli,$(call sources,$f))
TREES = $(patsubst %.c,$(B)/check/%.ast,$(CHECKED))
TREES_HOST = $(patsubst %.c,$(B)/check/%.ast,$(CHECKED_HOST))
CLANG_WARNINGS := $(WARNINGS) -Wno-unknown-warning-option -Wunsafe-buffer-usage -Wno-error=unsafe-buffer-usage
CLANG_GUEST = -std=gnu11 -I. $(CLANG_WARNINGS) -nostdinc -isystem $(MUSL_INCLUDE) -isystem $(shell $(CLANG) -print-resource-dir)/include
CLANG_HOST := -std=gnu11 -I. $(CLANG_WARNINGS) -D_GNU_SOURCE

# A tree is there even where clang complains: the gate of the warnings judges them.
define tree_rule
$(B)/check/$1%.ast: $1%.c check/gates/ast check/gates/ast.awk | $(call archives,product)
	@mkdir -p $$(@D)
	@CLANG=$(CLANG) check/gates/ast $$($2) $$(FLAGS_OF_$$(firstword $$(subst /, ,$$*))) -MMD -MP -MT $$@ -MF $$(@:.ast=.d) $$< >$$@ 2>$$(@:.ast=.warnings) || true
endef
$(eval $(call tree_rule,,CLANG_GUEST))
$(eval $(call tree_rule,tender/,CLANG_HOST))
$(eval $(call tree_rule,cli/,CLANG_HOST))

# ---- The worst depth of each stack.
STACKDEPTH := $(B)/check/stackdepth
$(STACKDEPTH): check/gates/stackdepth.c check/gates/sources.c check/gates/sources.h
	@mkdir -p $(@D)
	$(CC) $(HOST) -o $@ $(filter %.c,$^)

# ---- The gates.
GATES := $(sort $(wildcard check/gates/gate-*))
export GATE_TREES = $(TREES)
export GATE_WARNINGS = $(TREES:.ast=.warnings) $(TREES_HOST:.ast=.warnings)
export GATE_STACKDEPTH := $(STACKDEPTH)
export GATE_BUILD := $(B)/$(ARCH)/product

#: make stacks     prints how deep each fiber's stack gets
stacks: $(call archives,product) $(STACKDEPTH)
	@check/gates/gate-stack
#: make check      judges the code itself: pointers, calls, imports, warnings, stacks, images
check: $(call archives,product) $(TREES) $(TREES_HOST) $(STACKDEPTH)
	@check/run $(GATES) $(sort $(wildcard check/gates/test-*))
.PHONY: check stacks
