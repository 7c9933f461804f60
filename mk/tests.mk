# SPDX-License-Identifier: ISC
# Unit tests (test_*.c beside the code) and the scripts of check/: `make test` runs them all.

UNIT_TESTS := $(foreach f,$(GUEST_FOLDERS) cli tender,$(wildcard $f/test_*.c))
UNIT_PROGRAMS := $(patsubst %.c,$(B)/test/%,$(UNIT_TESTS))

# The host has a C library of its own.
TEST_ARCHIVES := $(filter-out %/liblibc.a,$(call archives,sanitize))

$(B)/test/%: %.c check/test.h $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(TESTS) $(TESTS_OF_$(subst /,_,$*)) -MMD -MP -MF $@.d -o $@ $< $(LINK_OF_$(subst /,_,$*)) \
		-Wl,--start-group $(TEST_ARCHIVES) -Wl,--end-group $(LIBRARIES:%=-l%)

#: make unit       builds and runs the unit tests alone
unit: $(UNIT_PROGRAMS)
	@check/run $^
#: make test       runs every test; the last line is "N passed, N failed"
test: all $(UNIT_PROGRAMS)
	@check/run $(UNIT_PROGRAMS) $(sort $(wildcard check/*/test-*))
.PHONY: unit test
