# SPDX-License-Identifier: ISC
# Mutants of the decoders: is each change noticed by a test or a property?

# Whatever takes bytes apart that others wrote (check/mutants/test-decoders says which sources these are).
MUTATED ?= base/cursor.h $(addprefix lib/,arp/message.c ethernet/ethernet.c ipv4/ipv4.c udp/udp.c icmp/icmp.c tcp/segment.c tcp/fast_open_option.c \
	http/chunked.c http/target.c json/read.c icmpv6/icmpv6.c ipv6/ipv6.c ipv6/extensions.c ipv4/options.c ndp/message.c multicast/message.c \
	checksum/checksum.c http/request.c http/select.c http/octet.c http/octet.h http/content_type.c vlan/vlan.c \
	reassembly/reassembly.c packet/packet.c frames/frames.c capture/capture.c) interface/address.c interface/kv.c runtime/bootarg.c \
	$(addprefix platform/,common/devicetree.c common/stream.c common/vnet.c virtio/devicetree/tree.c virtio/virtqueue.c) \
	$(addprefix tender/,image.c load.c relocate.c hypercall.c hypercall_net.c hypercall_block.c hvt_stream.c gdb.c)

# PROGRAM.c:PART:PART... - what a test or a property is linked with, where that is more than the archives; of its folder's, only what it names
colons = $(subst $(eval) ,:,$(strip $1))
mutants: private export MUTANT_PARTS = $(foreach t,$(UNIT_TESTS),$(call colons,$t $(LINK_OF_$(subst /,_,$(t:.c=))) $(if $(filter $(dir $t)%.c,$(LINK_OF_$(subst /,_,$(t:.c=)))),,$(call target_archive,$t)))) \
	$(foreach p,$(FUZZERS:$(FUZZ)/%=%.c),$(call colons,$p $(patsubst %,%.c,$(FUZZED_$(basename $(notdir $p)))) $(LINK_OF_$(subst /,_,$(p:.c=)))))
mutants: private export MUTANT_PROPERTIES = $(FUZZERS:$(FUZZ)/%=%.c)
# compiled to be linked once: what takes the compiler's time is left out
MUTANT_FLAGS := -O0 -g0 -fuse-ld=gold
export MUTANT_CC = $(CC) $(TESTS) $(MUTANT_FLAGS)
mutants: private export MUTANT_LINK = $(TEST_ARCHIVES) -Wl,--end-group $(LIBRARIES:%=-l%)
mutants: private export MUTANT_FUZZ_CC = $(CLANG) $(FUZZ_FLAGS) $(FLAGS_OF_lib) -fsanitize=fuzzer-no-link,address,undefined $(MUTANT_FLAGS)
mutants: private export MUTANT_FUZZ_LINK = $(CLANG) $(MUTANT_FLAGS) -no-pie -fsanitize=fuzzer,address,undefined

#: make mutants    changes the decoders in one place at a time and counts how many changes the tests notice
mutants: $(call archives,sanitize) $(FUZZERS)
	@check/mutants/run $(MUTATED)
print-mutated:
	@printf '%s\n' $(MUTATED)
.PHONY: mutants print-mutated
