# SPDX-License-Identifier: ISC
# `make bench` prints a line for each figure; those with a peer are ratios of runs in turn.

BENCH := $(B)/bench
BENCH_TOOLS := $(patsubst %,$(BENCH)/%,pairs first filter load stream plain ceiling idle)
$(BENCH_TOOLS): $(BENCH)/%: check/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -o $@ $<

# The TCP engine alone, on the host: `build/bench/tcp_micro`
TCP_MICRO := check/bench/tcp_micro.c $(foreach l,tcp packet interface base,$(B)/$(ARCH)/product/lib$l.a)
$(BENCH)/tcp_micro: $(TCP_MICRO)
	@mkdir -p $(@D)
	$(CC) $(HOST) -no-pie -o $@ $(TCP_MICRO)

# What the tests do not run they build, so that it stays whole.
test: $(BENCH_TOOLS) $(BENCH)/tcp_micro

#: make bench      measures against peers
bench: all $(BENCH_TOOLS) $(BENCH)/tcp_micro $(B)/check/net/link
	@check/bench/run $(BENCHES)
.PHONY: bench
