# SPDX-License-Identifier: ISC
# Unit tests (test_*.c beside the code) and the scripts of check/: `make test` runs them all.

UNIT_TESTS := $(foreach f,$(GUEST_FOLDERS) cli tender,$(wildcard $f/test_*.c))
UNIT_PROGRAMS := $(patsubst %.c,$(B)/test/%,$(UNIT_TESTS))

# A test gets every archive but those of the targets, which all keep the same contract, and of the C library, since
# the host has its own; a test beside a target gets that target.
TARGETS := $(filter-out platform/common,$(PLATFORMS))
TEST_ARCHIVES := $(filter-out %/liblibc.a,$(call archives,sanitize))
TEST_ARCHIVES := $(filter-out $(foreach f,$(TARGETS),%/lib$(call archive_name,$f).a),$(TEST_ARCHIVES))
target_archive = $(foreach f,$(filter $(patsubst %/,%,$(dir $1)),$(TARGETS)),$(B)/$(ARCH)/sanitize/lib$(call archive_name,$f).a)

$(B)/test/%: %.c check/test.h $(call archives,sanitize)
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
