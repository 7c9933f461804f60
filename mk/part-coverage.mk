# SPDX-License-Identifier: ISC
# Which lines the corpora reach, and how corpora are made.

COVERAGE := $(B)/coverage
COVERERS := $(patsubst %.c,$(COVERAGE)/%,$(PROPERTIES))
COVERAGE_OBJECTS = $(patsubst $(FUZZ)/%,$(COVERAGE)/%,$(FUZZ_OBJECTS))
$(COVERAGE)/%.o: %.c | $(LIBRARY_HEADERS)
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_FLAGS) $(FLAGS_OF_lib) -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping -MMD -MP -c $< -o $@
$(COVERAGE)/%.o: %.S
	@mkdir -p $(@D)
	$(CLANG) -I. -c $< -o $@
$(COVERAGE)/libcovered.a: $(COVERAGE_OBJECTS)
	@rm -f $@
	$(AR) rcsD $@ $^
$(COVERERS): $(COVERAGE)/%: $(COVERAGE)/%.o $(COVERAGE)/libcovered.a
	$(CLANG) -no-pie -fsanitize=fuzzer -fprofile-instr-generate -o $@ $^ $(LINK_OF_$(subst /,_,$*))

#: make coverage   replays the corpora and prints the lines of each component that they reach; an engine below 95 of 100 is an error
coverage: $(COVERERS)
	@check/fuzz/coverage $(COVERERS)
#: make record     seeds for them: requests of curl, and the packets that the tests of check/net kept (CAPTURES=FOLDER make test)
record:
	@check/fuzz/record $(if $(CAPTURES),$(wildcard $(CAPTURES)/*.pcapng))
#: make corpus T=600  looks for inputs that reach more, T seconds in all, and writes the corpora anew
corpus: $(COVERERS)
	@check/fuzz/corpus $(T) $(COVERERS)
.PHONY: coverage record corpus
