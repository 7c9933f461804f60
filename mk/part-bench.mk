# SPDX-License-Identifier: ISC
# `make bench` prints a line for each figure; those with a peer are ratios of runs in turn.

BENCH := $(B)/bench
BENCH_TOOLS := $(patsubst %,$(BENCH)/%,pairs first filter)
$(BENCH_TOOLS): $(BENCH)/%: check/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -o $@ $<

#: make bench      measures against peers
bench: all $(BENCH_TOOLS)
	@check/bench/run $(BENCHES)
.PHONY: bench
