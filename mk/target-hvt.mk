# SPDX-License-Identifier: ISC
# target-hvt.mk - an image for the hvt tenders: as for the spt tenders, by hvt.lds and without guard pages in the file.

include $(SDK)/share/morgana/target-spt.mk
