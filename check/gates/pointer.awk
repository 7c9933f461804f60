# SPDX-License-Identifier: ISC
# pointer.awk - finds in the trees of check/gates/ast what the compiler cannot bound: raw pointers that
# are indexed, offset or subtracted, casts that make one kind of pointer from another, spans and slices built by hand.
# A true array may be indexed, since the compiler traps what leaves it; a flexible one may not, nor one whose
# length somebody says, nor may a vector by a variable.
# Prints "KIND BEGIN END WHAT": where the first and the last token are spelled.
#
# Nodes come top down: wait[d] is what the node at depth d still wants to know of its first child.
BEGIN {
    FS = "\t"
}
function canonical(rest) {              # " 'nanos':'unsigned long' lvalue" -> "unsigned long"
    sub(/^ '[^']*':/, " ", rest)
    sub(/^ '/, "", rest)
    sub(/'.*/, "", rest)
    return rest
}
function is_pointer(t) {
    return t ~ /\*( ?(const|volatile|restrict|__restrict))*$/ || t ~ /\(\*/
}
function is_void_pointer(t) {
    return t ~ /^((const|volatile) )*void \*( ?(const|volatile|restrict|__restrict))*$/
}
# what a typedef stands for, for types that are not written out: "room *" -> "struct mspan *"
function resolved(t,   word, times) {
    while (times++ < 20 && match(t, /[A-Za-z_][A-Za-z0-9_]*/)) {
        word = substr(t, RSTART, RLENGTH)
        if (word ~ /^(const|volatile)$/)
            sub(/^(const|volatile) /, "", t)
        else if (word in typedefs)
            t = typedefs[word] substr(t, RSTART + RLENGTH)
        else
            break
    }
    return t
}
function is_span(t) {
    t = resolved(t)
    return t ~ /^(const )?struct m?span( \*( ?const)?)?$/
}
function is_bytes(t) {
    return t ~ /^(const )?(unsigned |signed )?char \*( ?const)?$/ || t ~ /^(const )?u?int8_t \*$/
}
function expect(what) {
    wait[$1] = what
    from[$1] = $3 " " $4
}
function pass_on(what) {                # my first child is asked in my place
    wait[$1] = what
    from[$1] = from[$1 - 1]
    to[$1] = to[$1 - 1]
    explicit[$1] = explicit[$1 - 1]
    laundered[$1] = laundered[$1 - 1]
    set_field[$1] = set_field[$1 - 1]
}
function report(kind, place, what) {
    print kind, place, what
}
function operand_of_cast(t,   goal) {
    goal = to[$1 - 1]
    if (laundered[$1 - 1] != "" && is_pointer(t) && !is_void_pointer(t))
        report("cast", laundered[$1 - 1], "a cast by way of void *")
    else if (explicit[$1 - 1] && is_bytes(t) && is_bytes(goal) && !(t ~ /^const/ && goal !~ /^const/))
        report("bytes", from[$1 - 1], "a cast from '" t "' to '" goal "'")
    else if (explicit[$1 - 1] && !is_void_pointer(goal) && !is_void_pointer(t))
        report("cast", from[$1 - 1], "a cast from '" t "' to '" goal "'")
}
function first_child(what, t) {
    if ($2 == "ParenExpr" && what != "array")
        pass_on(what)
    else if (what == "subscript") {
        if ($5 ~ /<ArrayToPointerDecay>/)
            pass_on("array")
        else if (t ~ /__vector_size__/)
            is_vector[subscript_at] = 1
        else
            report("pointer", from[$1 - 1], "a raw pointer is indexed")
    } else if (what == "array" && t ~ /\[0?\]/)
        report("pointer", from[$1 - 1], "an array of unknown length is indexed")
    else if (what == "array" && t ~ /\[[^]0-9]/)
        report("pointer", from[$1 - 1], "an array whose length somebody says is indexed")
    else if (what == "union" && t ~ /^(const |volatile )*union /)
        report("cast", from[$1 - 1], "a union makes one kind of pointer from another")
    else if (what == "difference" && is_pointer(t))
        report("pointer", from[$1 - 1], "the difference of raw pointers")
    else if (what == "cast")
        operand_of_cast(t)
    else if (what == "write" && $5 ~ /(\.|->)[pn] 0x/) {
        pass_on("owner")
        set_field[$1] = $5
        sub(/^.* /, "", set_field[$1])
        if (set_field[$1] in slice_fields)
            from[$1] = $3 " " $4        # what is given may be a constant of a header
    } else if (what == "owner" && is_span(t))
        report("span", from[$1 - 1], "a field of a span is set")
    else if (what == "owner" && set_field[$1 - 1] in slice_fields)
        report("slice", from[$1 - 1], "a field of a slice is set")
    else if (what == "span") {
        if ($5 ~ /<NoOp>/ && $2 == "ImplicitCastExpr")
            pass_on("span")
        else if ($5 ~ /<ArrayToPointerDecay>/) {
            over_array = 1
            pass_on("array of span")
        } else if ($2 != "ImplicitValueInitExpr" && $5 !~ /<NullToPointer>/)
            report("span", from[$1 - 1], "a span is built by hand")
    } else if (what == "array of span")
        array_type = t
    else if (what == "length")
        length_of_span()
    else if (what == "size" && t != array_type)
        report("span", from[$1 - 1], "a span over an array has the size of something else")
}
function length_of_span() {             # the second initialiser of a span over an array: sizeof of it, or less
    over_array = 0
    if ($2 == "BinaryOperator" && $5 ~ /'-'$/)
        pass_on("length")
    else if ($2 != "UnaryExprOrTypeTraitExpr" || $5 ~ /sizeof '/)
        report("span", from[$1 - 1], "a span over an array is not of its size")
    else
        pass_on("size")
}
# ---- Slices: what has a pointer `p`, a length `n` and no more
function declared(   quoted, word) {     # the name of the declaration; its type is in t
    split($5, quoted, "'")
    t = quoted[3] == ":" ? quoted[4] : quoted[2]
    return word[split(quoted[1], word, " ")]
}
function field_of_record(up, name) {
    num_fields[up]++
    if (is_union[up] && $3 !~ /^build\// && (is_pointer(t) || is_span(t)))
        report("cast", $3 " " $4, "a union makes one kind of pointer or span from another")
    if (num_fields[up] == 1)
        first_field[up] = name == "p" && is_pointer(t) ? $7 : ""
    else if (num_fields[up] == 2 && first_field[up] != "" && name == "n") {
        slice_fields[first_field[up]] = slice_fields[$7] = 1
        slices[record[up]] = 1
        second_field[up] = $7
    } else if (num_fields[up] == 3 && first_field[up] in slice_fields) {
        delete slice_fields[first_field[up]]
        delete slice_fields[second_field[up]]
        delete slices[record[up]]
    }
}
function place_of_type(t) {            # of an unnamed one
    sub(/^.* at /, "", t)
    sub(/\).*/, "", t)
    return t
}
function initialiser_of_slice(up, nth) {
    if (nth == 1 && (!is_pointer(t) || $2 == "ImplicitValueInitExpr" || $5 ~ /<NullToPointer>/))
        slice_from[up] = ""
    else if (nth == 1)
        slice_from[up] = $5 ~ /<ArrayToPointerDecay>|<NoOp>/ ? "array" : "pointer"
    else if (nth == 2 && slice_from[up] != "" && t == "unsigned long")
        unsettled[up] = (slice_from[up] == "array" && $2 ~ /^(ParenExpr|BinaryOperator)$/ ? "" : place_of_list[up])
    else
        unsettled[up] = ""
}
function settle(depth,   d) {           # what the list at this depth, or deeper, made
    for (d = depth; d <= deepest_list; d++)
        if (unsettled[d] != "") {
            report("slice", unsettled[d], "a slice is built by hand")
            unsettled[d] = ""
        }
    if (deepest_list >= depth)
        deepest_list = depth - 1
}
FNR == 1 {
    settle(0)
    split("", typedefs)
    split("", slices)
    split("", slice_fields)
}
{
    wait[$1] = to[$1] = laundered[$1] = ""
    explicit[$1] = children[$1] = is_list[$1] = is_vector[$1] = 0
    asked = wait[$1 - 1]
    wait[$1 - 1] = ""
    t = canonical($5)
    if (asked != "")
        first_child(asked, t)
    else if (is_vector[$1 - 1] && $2 != "IntegerLiteral")
        report("pointer", $3 " " $4, "a vector is indexed by a variable")
    else if (is_list[$1 - 1] && ++children[$1 - 1] == 1 && over_array)
        length_of_span()
    if ($1 <= deepest_list)
        settle($1)
    if (is_slice[$1 - 1])
        initialiser_of_slice($1 - 1, ++num_parts[$1 - 1])
    is_slice[$1] = 0
}
$2 == "TypedefDecl" {
    name = declared()
    typedefs[name] = t
}
$2 == "RecordDecl" {
    num_fields[$1] = 0
    is_union[$1] = $5 ~ / union /
    record[$1] = $5
    sub(/ definition$/, "", record[$1])
    sub(/^.* struct /, "struct ", record[$1])
}
$2 ~ /^(Var|Field|Typedef)Decl$/ && num_fields[$1] > 0 && $5 ~ /unnamed/ {
    name = declared()                   # of the unnamed struct before it
    if (num_fields[$1] != 2 || !(first_field[$1] in slice_fields))
        others[place_of_type(t)] = 1
}
$2 == "FieldDecl" {
    field_of_record($1 - 1, declared())
}
$2 == "MemberExpr" && is_pointer(t) && wait[$1] == "" {
    expect("union")
}
$2 == "VAArgExpr" && is_pointer(t) {
    report("cast", $3 " " $4, "an argument without a type becomes a pointer")
}
$2 == "ArraySubscriptExpr" {
    expect("subscript")
    subscript_at = $1
}
$2 ~ /^(Binary|CompoundAssign)Operator$/ && $5 ~ /'[+-]=?'( |$)/ && is_pointer(t) {
    report("pointer", $3 " " $4, "arithmetic on a raw pointer")
}
$2 == "UnaryOperator" && $5 ~ /'(\+\+|--)'/ && is_pointer(t) {
    report("pointer", $3 " " $4, "a raw pointer is stepped")
}
$2 ~ /CastExpr$/ && $5 ~ /<(BitCast|NoOp|IntegralToPointer)>/ && is_pointer(t) {
    if ($5 ~ /<IntegralToPointer>/) {
        if ($6 != "system")             # MAP_FAILED, SIG_IGN
            report("cast", $3 " " $4, "an integer becomes a pointer")
    } else if ($2 == "CStyleCastExpr" || $5 ~ /<BitCast>/) {
        if (asked == "cast" && is_void_pointer(t) && !is_void_pointer(to[$1 - 1]))
            laundered[$1] = from[$1 - 1]
        expect("cast")
        to[$1] = t
        explicit[$1] = $2 == "CStyleCastExpr"
    }
}
$2 == "BinaryOperator" && $5 ~ /'-'$/ && !is_pointer(t) && wait[$1] == "" {
    expect("difference")
}
$2 == "InitListExpr" && !is_span(t) && t !~ /[\[*]/ {
    sub(/^const /, "", t)
    if (t in slices || t ~ /unnamed/ && !(place_of_type(t) in others)) {
        is_slice[$1] = 1
        num_parts[$1] = 0
        place_of_list[$1] = $3 " " $4
        deepest_list = $1
    }
}
$2 == "InitListExpr" && is_span(t) {
    expect("span")
    is_list[$1] = 1
    over_array = 0
}
($2 == "CompoundAssignOperator" || $2 == "BinaryOperator" && $5 ~ /'='$/ ||
 $2 == "UnaryOperator" && $5 ~ /'(\+\+|--|&)'/) {
    expect("write")
}
END {
    settle(0)
}
