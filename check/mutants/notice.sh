# SPDX-License-Identifier: ISC
# notice.sh - whether the tests, or the properties, of a component notice a mutant. Sourced; $dir is the caller's own folder.
# Flags and what programs are made of come from make: MUTANT_CC, MUTANT_LINK, MUTANT_FUZZ_CC, MUTANT_FUZZ_LINK, MUTANT_PARTS.
# Status 0: noticed, 1: not, 2: does not compile. Time is the processor's, of which a busy machine takes up to twice as much: the slowest
# test needs two seconds of an idle one.
work=${MUTANT_WORK:-build/mutants}
test_seconds=10 property_seconds=30 wall_seconds=900

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
# what a program is linked with beside the archives
parts_of() {    # PROGRAM.c
    printf '%s\n' $MUTANT_PARTS | sed -n "s|^$1:||p" | tr : ' '
}
last_of() {     # test|prop FILE: where the name is kept of what noticed the last mutant
    echo "$work/last-$1-$(echo "$2" | tr / _)"
}
# tests or properties of a file: those that name it among their sources, and of its folder those that name none. First what noticed the last
# mutant, since it will notice most others as well, then those of its own name
programs_of() { # test|prop FILE
    name=$(basename "${2%.*}")
    printf '%s\n' $MUTANT_PARTS | awk -F: -v file="$2" -v kind="/$1_" 'index($1, kind) {
        for (i = 2; i <= NF; i++) { names[$1] += $i ~ /\.c$/; if ($i == file) print $1 }
        if (names[$1]) print $1 >"/dev/stderr" }' 2>"$dir/with-sources" >"$dir/named"
    { cat "$(last_of "$1" "$2")" 2>/dev/null; cat "$dir/named"; ls "$(dirname "$2")/$1"_*.c 2>/dev/null | grep -v -xF -f "$dir/with-sources"; } |
        awk -v n="_$name" 'seen[$0]++ { next } NR == 1 || index($0, n) { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }'
}
# whether a program has a mutant in itself
includes() {    # PROGRAM.c FILE
    case $2 in
    *.h) ;;
    *) grep -q -F "#include \"$2\"" "$1" ;;
    esac
}
# a program that cannot be linked says nothing of any mutant
broken() {      # PROGRAM.c FILE
    echo "$1 is not linked with a changed $2: $(grep -m 1 -E 'undefined|multiple|error' "$dir/out")" >>"$work/broken"
}
noticed_by_test() {     # TEST.c FILE
    parts= mutants=$dir/mutant.a        # in front of the others, for who needs it
    for part in $(parts_of "$1"); do
        case $part in
        "$2") mutants="$dir/mutant*.o" ;;
        *.c) parts="$parts $(test_object "$part")" ;;
        *) parts="$parts $part" ;;
        esac
    done
    test_object=$(test_object "$1")
    if includes "$1" "$2"; then
        test_object=$dir/test.o
        $MUTANT_CC -w -iquote "$dir/tree" -c "$1" -o "$test_object" 2>/dev/null || return 2
        case $2 in *.c) mutants= ;; esac
    fi
    $MUTANT_CC "$test_object" $parts -o "$dir/program" -Wl,--start-group $mutants $MUTANT_LINK 2>"$dir/out" || { broken "$1" "$2"; return 1; }
    ! (ulimit -t $test_seconds && timeout $wall_seconds "$dir/program") >"$dir/out" 2>&1
}
# the mutant, or where that is a header the sources beside it
compile() {     # NAME FILE COMPILER FLAG...
    name=$1 file=$2
    shift 2
    rm -f "$dir/$name"*.o
    case $file in
    *.h) for source in $(ls "$(dirname "$file")"/*.c | grep -v -E '/(test|prop)_'); do
            "$@" -w -iquote "$dir/tree" -c "$source" -o "$dir/$name-$(basename "$source" .c).o" 2>/dev/null || return 2
        done ;;
    *) "$@" -w -c "$dir/tree/$file" -o "$dir/$name.o" 2>/dev/null || return 2 ;;
    esac
}
noticed_by_tests() {    # FILE
    compile mutant "$1" $MUTANT_CC || return 2
    rm -f "$dir/mutant.a"
    gcc-ar rc "$dir/mutant.a" "$dir"/mutant*.o
    for test in $(programs_of test "$1"); do
        noticed_by_test "$test" "$1"
        status=$?
        [ $status -eq 0 ] && echo "$test" >"$(last_of test "$1")"
        [ $status -eq 1 ] || return $status
    done
    return 1
}
compile_for_properties() {      # FILE
    compile fuzzed "$1" $MUTANT_FUZZ_CC
}
noticed_by_property() { # PROPERTY.c RUNS FILE: by its corpus, or else by some more inputs
    objects="$dir"/fuzzed*.o property_object=build/fuzz/${1%.c}.o
    for part in $(parts_of "$1"); do
        case $part in
        "$3") ;;
        *.c) objects="$objects build/fuzz/${part%.c}.o" ;;
        *) objects="$objects $part" ;;
        esac
    done
    if includes "$1" "$3"; then
        property_object=$dir/property.o
        $MUTANT_FUZZ_CC -w -iquote "$dir/tree" -c "$1" -o "$property_object" 2>/dev/null || return 1
        case $3 in *.c) objects=${objects#"$dir"/fuzzed*.o} ;; esac
    fi
    $MUTANT_FUZZ_LINK "$property_object" $objects build/fuzz/libfuzzed.a -o "$dir/fuzzer" 2>"$dir/out" || { broken "$1" "$3"; return 1; }
    rm -rf "$dir/found" && mkdir -p "$dir/found" "build/fuzz/corpus/$(basename "$1" .c)"
    ! (ulimit -t $property_seconds && timeout $wall_seconds "$dir/fuzzer" -seed=1 -runs="$2" -timeout=60 -artifact_prefix="$dir/" \
        "$dir/found" "build/fuzz/corpus/$(basename "$1" .c)") >"$dir/out" 2>&1
}
