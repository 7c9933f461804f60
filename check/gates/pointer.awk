# SPDX-License-Identifier: ISC
# pointer.awk - finds in the trees of check/gates/ast what the compiler cannot bound: raw pointers that
# are indexed or offset, casts that make one kind of pointer from another, spans built by hand.
# A true array may be indexed, since the compiler traps what leaves it; a flexible one may not, nor may a
# vector by a variable.
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
function is_span(t) {
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
            is_vector[$1 - 1] = 1
        else
            report("pointer", from[$1 - 1], "a raw pointer is indexed")
    } else if (what == "array" && t ~ /\[0?\]/)
        report("pointer", from[$1 - 1], "an array of unknown length is indexed")
    else if (what == "cast")
        operand_of_cast(t)
    else if (what == "write" && $5 ~ /(\.|->)[pn] 0x/)
        pass_on("owner")
    else if (what == "owner" && is_span(t))
        report("span", from[$1 - 1], "a field of a span is set")
    else if (what == "span") {
        if ($5 ~ /<NoOp>/ && $2 == "ImplicitCastExpr")
            pass_on("span")
        else if ($5 ~ /<ArrayToPointerDecay>/)
            over_array = 1
        else if ($2 != "ImplicitValueInitExpr" && $5 !~ /<NullToPointer>/)
            report("span", from[$1 - 1], "a span is built by hand")
    } else if (what == "length" && $2 != "UnaryExprOrTypeTraitExpr")
        report("span", from[$1 - 1], "a span over an array is not of its size")
}
function length_of_span() {             # the second initialiser of a span over an array: sizeof, or less
    over_array = 0
    if ($2 == "BinaryOperator" && $5 ~ /'-'$/)
        pass_on("length")
    else if ($2 != "UnaryExprOrTypeTraitExpr")
        report("span", from[$1 - 1], "a span over an array is not of its size")
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
}
$2 == "ArraySubscriptExpr" {
    expect("subscript")
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
$2 == "InitListExpr" && is_span(t) {
    expect("span")
    is_list[$1] = 1
    over_array = 0
}
($2 == "CompoundAssignOperator" || $2 == "BinaryOperator" && $5 ~ /'='$/ ||
 $2 == "UnaryOperator" && $5 ~ /'(\+\+|--|&)'/) {
    expect("write")
}
