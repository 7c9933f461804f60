# SPDX-License-Identifier: ISC
# Which lines of each engine the properties reach, fed by the fuzzer.

COVERAGE := $(B)/coverage
COVERERS := $(patsubst %.c,$(COVERAGE)/%,$(PROPERTIES))
COVERAGE_OBJECTS = $(patsubst $(FUZZ)/%,$(COVERAGE)/%,$(FUZZ_OBJECTS))
$(COVERAGE)/%.o: %.c | $(LIBRARY_HEADERS)
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_FLAGS) $(FLAGS_OF_lib) -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping -MMD -MP -c $< -o $@
$(COVERAGE)/libcovered.a: $(COVERAGE_OBJECTS)
	@rm -f $@
	$(AR) rcsD $@ $^
$(COVERERS): $(COVERAGE)/%: $(COVERAGE)/%.o $(COVERAGE)/libcovered.a
	$(CLANG) -fsanitize=fuzzer -fprofile-instr-generate -o $@ $^

#: make coverage T=60  feeds every property for T seconds in all and prints the lines of each engine that were reached
coverage: $(COVERERS)
	@check/fuzz/coverage $(T) $(COVERERS)
.PHONY: coverage
