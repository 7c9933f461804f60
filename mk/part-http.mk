# SPDX-License-Identifier: ISC
# What an HTTP request costs without a network, with the archives of the product.

HTTP_MICRO_ARCHIVES := $(foreach f,http_files http_server http interface base,$(B)/$(ARCH)/product/lib$f.a)
$(BENCH)/http_micro: check/bench/http_micro.c $(HTTP_MICRO_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(filter-out -Wmissing-prototypes,$(HOST)) -no-pie -o $@ $^

#: make bench-http prints the nanoseconds that parsing and answering a request take
bench-http: $(BENCH)/http_micro
	@$<
.PHONY: bench-http
