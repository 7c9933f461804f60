# SPDX-License-Identifier: ISC
bench-hardening: private export MICRO_FLAGS = $(filter-out -Werror -ffile-prefix-map=%,$(FLAGS_product)) -isystem $(B)/include

#: make bench-hardening  prints what each hardening flag costs in bytes and instructions
bench-hardening:
	@check/bench/hardening
.PHONY: bench-hardening
