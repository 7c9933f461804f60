# SPDX-License-Identifier: ISC
# Morgana, built with GNU make from one place. `make help` lists the commands.
#
# Rooms and components are found by their folders: sources are the *.c and *.S of a folder that has a
# file `component`; test_*.c are its unit tests, prop_*.c its properties.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
# as many jobs as there are processors, unless the caller says otherwise
ifeq ($(filter -j% --jobserver%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif

# Each target is a line; V=1 shows the commands.
ifeq ($(V),)
.SILENT:
endif
said = $(if $@,$(if $(V),,$(info   $@)))

B := build
ARCH := x86_64
CC = $(said)gcc
AR = $(said)gcc-ar

# Packages, by consent: each goal needs its own.
GOALS := $(filter-out help clean install,$(or $(MAKECMDGOALS),all))
SYSROOTS := $(B)/lib
NEEDS := $(sort $(filter test run check fuzz coverage corpus record prove bench,$(GOALS)) $(if $(GOALS),build $(if $(filter-out $(shell uname -m),$(ARCH)),$(ARCH))))
$(foreach n,$(NEEDS),$(if $(filter 0,$(lastword $(shell SYSROOTS=$(SYSROOTS) mk/need $n >&2; echo $$?))),,$(error make $n cannot go on)))

include mk/flags.mk
include mk/components.mk
include mk/tests.mk
-include $(wildcard mk/part-*.mk)

help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)
clean:
	rm -rf $(B)
.PHONY: all help clean
-include $(shell find $(B) -type f -name '*.d' 2>/dev/null)
