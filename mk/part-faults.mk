# SPDX-License-Identifier: ISC
# The test of failing allocations is linked so that each of them passes through it.
LINK_OF_lib_stack_test_faults := $(foreach f,heap_alloc heap_alloc_aligned heap_slice_ packet_alloc,-Wl,--wrap=$f)
