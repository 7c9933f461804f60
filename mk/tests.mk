# SPDX-License-Identifier: ISC
# Unit tests (test_*.c beside the code) and the scripts of check/: `make test` runs them all.

UNIT_TESTS := $(foreach f,$(GUEST_FOLDERS) cli tender,$(wildcard $f/test_*.c))
# A test gets every archive but those of the targets, which keep the same contract; a test beside a target gets that one.
# Nor lib/libc: the host has a C library of its own.
TEST_ARCHIVES := $(filter-out %/liblibc.a $(patsubst %,$(B)/$(ARCH)/sanitize/lib%.a,$(subst /,-,$(filter-out platform/common,$(PLATFORMS)))),$(call archives,sanitize))
target_archive = $(if $(filter platform/%,$1),$(filter-out $(TEST_ARCHIVES),$(B)/$(ARCH)/sanitize/lib$(subst /,-,$(patsubst %/,%,$(dir $1))).a))
UNIT_PROGRAMS := $(patsubst %.c,$(B)/test/%,$(UNIT_TESTS))

$(B)/test/%: %.c check/test.h $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(TESTS) $(TESTS_OF_$(subst /,_,$*)) -MMD -MP -MF $@.d -o $@ $< $(LINK_OF_$(subst /,_,$*)) \
		-Wl,--start-group $(call target_archive,$*) $(TEST_ARCHIVES) -Wl,--end-group $(LIBRARIES:%=-l%)

#: make unit       builds and runs the unit tests alone
unit: $(UNIT_PROGRAMS)
	@check/run $^
#: make test       runs every test; the last line is "N passed, N failed"
test: all $(UNIT_PROGRAMS)
	@check/run $(UNIT_PROGRAMS) $(sort $(wildcard check/*/test-*))
.PHONY: unit test
