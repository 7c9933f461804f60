# SPDX-License-Identifier: ISC
# calls.awk - from the trees of check/gates/ast, who names whom: "call FROM TO" for each direct call, "name FROM TO" for each
# function or variable of file scope that is named otherwise, in a function or in a table. Static ones carry their file's name.
BEGIN {
    FS = "\t"
}
FNR == 1 {
    split("", unique)           # static ones
    split("", outside)          # variables of file scope
    from = ""
}
function id(name) {
    return name in unique ? unique[name] : name
}
{
    kind[$1] = $2
    children[$1] = 0
    order[$1] = ++children[$1 - 1]
}
($2 == "FunctionDecl" || $2 == "VarDecl") && $1 <= 1 {
    split($5, quoted, "'")
    num = split(quoted[1], word, " ")
    split($4, at, ":")
    if ($5 ~ /' static/)
        unique[word[num]] = at[1] ":" word[num]
    from = id(word[num])
    if ($2 == "VarDecl")
        outside[word[num]] = 1
}
$2 == "DeclRefExpr" && from != "" && match($5, / (Function|Var) 0x[0-9a-f]+ '/) {
    name = substr($5, RSTART + RLENGTH)
    sub(/'.*/, "", name)
    if ($5 ~ / Var 0x/ && !(name in outside))
        next
    for (up = $1; kind[up - 1] ~ /^(ImplicitCast|CStyleCast|Paren)Expr$|^UnaryOperator$/; up--)
        continue
    how = $5 ~ / Function 0x/ && kind[up - 1] == "CallExpr" && order[up] == 1 ? "call" : "name"
    if (!((how, from, id(name)) in said))
        print how, from, id(name)
    said[how, from, id(name)] = 1
}
