# SPDX-License-Identifier: ISC
# notice.sh - whether the tests, or the properties, of a component notice a mutant. Sourced; $dir is the caller's own folder.
# The flags come from make: MUTANT_CC, MUTANT_LINK, MUTANT_FUZZ_CC, MUTANT_FUZZ_LINK. Status 0: noticed, 1: not, 2: does not compile.
work=${MUTANT_WORK:-build/mutants}

test_object() { # TEST.c
    echo "$work/$(echo "${1%.c}" | tr / _).o"
}
mutants_of() {  # FILE.c -> NUMBER <tab> LINE <tab> KIND <tab> the line as it becomes
    awk -f check/mutants/mutate.awk "$1"
}
make_mutant() { # FILE NUMBER: into $dir/tree, where the compiler finds it first; sets line, kind, text
    mutants_of "$1" | awk -v n="$2" -F'\t' '$1 == n' >"$dir/mutant"
    line=$(cut -f 2 "$dir/mutant") kind=$(cut -f 3 "$dir/mutant")
    cut -f 4- "$dir/mutant" >"$dir/text"
    text=$(sed 's/^ *//' "$dir/text")
    rm -rf "$dir/tree"
    mkdir -p "$dir/tree/$(dirname "$1")"
    awk -v at="$line" 'NR == FNR { text = $0; next } FNR == at { print text; next } { print }' "$dir/text" "$1" >"$dir/tree/$1"
}
# the tests of a file's folder: those of its own name first, since they notice most
tests_of() {    # FILE
    name=$(basename "${1%.*}")
    ls "$(dirname "$1")"/test_*.c | awk -v n="_$name" 'index($0, n) { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }'
}
noticed_by_tests() {    # FILE
    case $1 in
    *.h) ;;
    *) $MUTANT_CC -w -c "$dir/tree/$1" -o "$dir/mutant.o" 2>/dev/null || return 2 ;;
    esac
    for test in $(tests_of "$1"); do
        case $1 in
        *.h) $MUTANT_CC -w -iquote "$dir/tree" "$test" -o "$dir/program" $MUTANT_LINK 2>/dev/null || return 2 ;;
        *) $MUTANT_CC "$(test_object "$test")" "$dir/mutant.o" -o "$dir/program" $MUTANT_LINK 2>/dev/null || return 2 ;;
        esac
        timeout 10 "$dir/program" >"$dir/out" 2>&1 || return 0
    done
    return 1
}
compile_for_properties() {      # FILE.c
    $MUTANT_FUZZ_CC -w -c "$dir/tree/$1" -o "$dir/fuzzed.o" 2>/dev/null
}
noticed_by_property() { # PROPERTY.c RUNS: by its corpus, or else by some more inputs
    [ -f "build/fuzz/${1%.c}.o" ] || return 1
    $MUTANT_FUZZ_LINK "build/fuzz/${1%.c}.o" "$dir/fuzzed.o" build/fuzz/libfuzzed.a -o "$dir/fuzzer" 2>/dev/null || return 1
    rm -rf "$dir/found" && mkdir -p "$dir/found" "build/fuzz/corpus/$(basename "$1" .c)"
    ! timeout 60 "$dir/fuzzer" -seed=1 -runs="$2" -max_total_time=40 -timeout=3 -artifact_prefix="$dir/" "$dir/found" \
        "build/fuzz/corpus/$(basename "$1" .c)" >"$dir/out" 2>&1
}
