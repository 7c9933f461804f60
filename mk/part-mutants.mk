# SPDX-License-Identifier: ISC
# Mutants of the decoders: is each change noticed by a test or a property?

MUTATED ?= base/cursor.h $(addprefix lib/,arp/message.c ethernet/ethernet.c ipv4/ipv4.c udp/udp.c icmp/icmp.c tcp/segment.c \
	http/chunked.c http/target.c icmpv6/icmpv6.c ipv6/ipv6.c ipv6/extensions.c ipv4/options.c ndp/message.c multicast/message.c \
	checksum/checksum.c http/request.c vlan/vlan.c) interface/address.c
mutants: private export MUTANT_PROPERTIES = $(filter-out base/%,$(PROPERTIES))
export MUTANT_CC = $(CC) $(TESTS)
mutants: private export MUTANT_LINK = -Wl,--start-group $(TEST_ARCHIVES) -Wl,--end-group $(LIBRARIES:%=-l%)
mutants: private export MUTANT_FUZZ_CC = $(CLANG) $(FUZZ_FLAGS) $(FLAGS_OF_lib) -fsanitize=fuzzer-no-link,address,undefined
mutants: private export MUTANT_FUZZ_LINK = $(CLANG) -fsanitize=fuzzer,address,undefined

#: make mutants    changes the decoders in one place at a time and counts how many changes the tests notice
mutants: $(call archives,sanitize) $(FUZZERS)
	@check/mutants/run $(MUTATED)
.PHONY: mutants
