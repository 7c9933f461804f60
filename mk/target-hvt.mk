# SPDX-License-Identifier: ISC
# target-hvt.mk - an image for the hvt tenders: as for the spt tenders, by hvt.lds and without guard pages in the file, but
# with the places of its addresses, from the linker's relocations.

LINK_OF_TARGET := -Wl,--emit-relocs
include $(SDK)/share/morgana/target-spt.mk
