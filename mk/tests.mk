# SPDX-License-Identifier: ISC
# Unit tests (test_*.c beside the code) and the scripts of check/: `make test` runs them all.

# build/test, build/test-CPU
TEST := $(B)/test$(CROSS:%-linux-gnu-=-%)
TEST_BY := $(if $(CROSS),TEST_BY="qemu-$(ARCH) -L /usr/$(ARCH)-linux-gnu")
UNIT_TESTS := $(foreach f,$(GUEST_FOLDERS) $(if $(CROSS),,cli tender),$(wildcard $f/test_*.c $f/$(ARCH)/test_*.c))
UNITS := %
UNIT_PROGRAMS := $(patsubst %.c,$(TEST)/%,$(filter $(addsuffix .c,$(UNITS)),$(UNIT_TESTS)))

# A test gets every archive but those of the targets, which all keep the same contract, and of the C library, since
# the host has its own; a test beside a target gets that target.
TARGETS := $(filter-out platform/common,$(PLATFORMS))
# For another CPU they are programs without sanitizers, which QEMU runs.
TEST_VARIANT := $(if $(CROSS),product,sanitize)
TEST_ARCHIVES := $(filter-out %/liblibc.a,$(call archives,$(TEST_VARIANT)))
TEST_ARCHIVES := $(filter-out $(foreach f,$(TARGETS),%/lib$(call archive_name,$f).a),$(TEST_ARCHIVES))
target_archive = $(foreach f,$(filter $(patsubst %/,%,$(dir $1)),$(TARGETS)),$(B)/$(ARCH)/$(TEST_VARIANT)/lib$(call archive_name,$f).a)

$(TEST)/%: %.c check/test.h $(call archives,$(TEST_VARIANT))
	@mkdir -p $(@D)
	$(GUEST_CC) $(TESTS) $(TESTS_OF_$(subst /,_,$*)) -MMD -MP -MF $@.d -o $@ $< $(LINK_OF_$(subst /,_,$*)) \
		-Wl,--start-group $(call target_archive,$*) $(TEST_ARCHIVES) -Wl,--end-group $(LIBRARIES:%=-l%)

#: make unit       builds and runs the unit tests alone; UNITS="lib/tcp/%" says which; ARCH=aarch64 or riscv64: by qemu-user
unit: $(UNIT_PROGRAMS)
	@$(TEST_BY) TEST_JOBS=$(TEST_JOBS) check/run $^
#: make test       runs every test, as many at once as there are processors (or TEST_JOBS); the last line is "N passed, N failed"
TEST_JOBS ?= $(shell nproc 2>/dev/null || echo 1)
# The scripts first: what is short fills the gaps at the end.
test: all $(UNIT_PROGRAMS)
	@TEST_JOBS=$(TEST_JOBS) check/run $(sort $(wildcard check/*/test-*)) $(UNIT_PROGRAMS)
.PHONY: unit test
