# SPDX-License-Identifier: ISC
# Unit tests (test_*.c beside the code) and the scripts of check/: `make test` runs them all.

UNIT_TESTS := $(foreach f,$(GUEST_FOLDERS) cli tender,$(wildcard $f/test_*.c))
UNIT_PROGRAMS := $(patsubst %.c,$(B)/test/%,$(UNIT_TESTS))

$(B)/test/%: %.c check/test.h $(call archives,sanitize)
	@mkdir -p $(@D)
	$(CC) $(TESTS) $(TESTS_OF_$(subst /,_,$*)) -MMD -MP -MF $@.d -o $@ $< $(LINK_OF_$(subst /,_,$*)) \
		-Wl,--start-group $(call archives,sanitize) -Wl,--end-group

#: make unit       builds and runs the unit tests alone
unit: $(UNIT_PROGRAMS)
	@check/run $^
#: make test       runs every test; the last line is "N passed, N failed"
test: all $(UNIT_PROGRAMS)
	@check/run $(UNIT_PROGRAMS) $(sort $(wildcard check/*/test-*))
.PHONY: unit test
