# SPDX-License-Identifier: ISC
# Libraries of others: a component names them in its line `libraries:`. Their headers are reached by a link,
# one for each, so that nothing else of the host's headers comes along.

LIBRARIES := $(sort $(shell sed -n 's/^libraries: *//p' $(wildcard lib/*/component)))
LIBRARY_HEADERS := $(patsubst %,$(B)/include/%,$(LIBRARIES))

$(B)/include/%:
	@mkdir -p $(@D)
	ln -sfn /usr/include/$* $@
$(foreach v,$(VARIANTS),$(foreach l,$(LIBS),$(call objects,$l,$v))): | $(LIBRARY_HEADERS)
$(UNIT_PROGRAMS): | $(LIBRARY_HEADERS)
FLAGS_OF_lib += -isystem $(B)/include
TESTS += -isystem $(B)/include
