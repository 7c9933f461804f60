# SPDX-License-Identifier: ISC
# The unikernel and the tools of the network tests: check/net.

NET_HOST := $(B)/check/net/host $(B)/check/net/host-two
NET_TOOLS := $(B)/check/net/frames $(B)/check/net/link
NET_ARCHIVES = $(filter-out %/liblibc.a $(patsubst %,$(B)/$(ARCH)/product/libplatform-%.a,$(filter-out common unix,$(notdir $(PLATFORMS)))),$(call archives,product))

$(B)/check/net/host.o $(B)/check/net/host_one.o $(B)/check/net/host_two.o $(B)/check/net/no_sockets.o: $(B)/check/net/%.o: check/net/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS_product) -MMD -MP -c $< -o $@
$(B)/check/net/host: $(B)/check/net/host_one.o
$(B)/check/net/host-two: $(B)/check/net/host_two.o
$(NET_HOST): $(B)/check/net/host.o $(call archives,product)
	$(CC) -no-pie -Wl,--gc-sections -Wl,-z,noexecstack -o $@ $(filter $(B)/check/%,$^) -Wl,--start-group $(NET_ARCHIVES) $(LIBRARIES:%=-l%) -Wl,--end-group

#: make net-host   builds the unikernel of the network tests
net-host: $(NET_HOST) $(NET_TOOLS)
.PHONY: net-host

$(NET_TOOLS): $(B)/check/net/%: check/net/%.c
	@mkdir -p $(@D)
	$(CC) $(HOST) -o $@ $<
test: $(NET_HOST) $(NET_TOOLS)
