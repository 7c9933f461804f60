# SPDX-License-Identifier: ISC
export PRODUCT = $(VARIANT_product)

#: make bench-hardening  prints what each part of the hardening costs in bytes and instructions
bench-hardening:
	@check/bench/hardening
.PHONY: bench-hardening
