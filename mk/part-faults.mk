# SPDX-License-Identifier: ISC
# The tests of failing allocations are linked so that each of them passes through check/alloc_faults.h.
ALLOCATORS := heap_alloc heap_alloc_aligned heap_slice_ heap_resize packet_alloc fiber_go
export ALLOCATORS
FAULT_TESTS := $(filter %/test_faults.c,$(UNIT_TESTS))
$(foreach t,$(FAULT_TESTS:.c=),$(eval LINK_OF_$(subst /,_,$t) := $(ALLOCATORS:%=-Wl,--wrap=%)))

# A host whose calls on files fail
LINK_OF_platform_unix_test_unix := -Wl,--wrap=pread,--wrap=pwrite,--wrap=fdatasync

# Tests that leave something alive, for check/faults/test-leaks
test: $(B)/test/check/faults/leaks
