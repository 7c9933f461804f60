# SPDX-License-Identifier: ISC
# mustcheck.awk - finds in the trees of check/gates/ast the fallible functions that a header declares
# without MUST_CHECK: those that return err, enum wire_err, or bool where a pointer lets them change
# something (a question about const things may go unanswered). Prints "ignore NAME NAME WHERE". And calls, by a
# pointer as well, whose error is dropped: "drop BEGIN END WHAT".
BEGIN {
    FS = "\t"
}
function resolved(t,   word, times) {   # what a typedef stands for
    while (times++ < 20 && match(t, /^[A-Za-z_][A-Za-z0-9_]*/)) {
        word = substr(t, RSTART, RLENGTH)
        if (word == "err" || !(word in typedefs))
            break
        t = typedefs[word] substr(t, RSTART + RLENGTH)
    }
    return t
}
function is_error(t) {
    t = resolved(t)
    return t ~ /^(err|enum err|enum wire_err)$/
}
# Whether what the node at this depth yields is used by nobody: the node is a statement.
function is_statement(depth,   up, nth) {
    up = kind[depth - 1]
    nth = order[depth]
    return up ~ /^(CompoundStmt|CaseStmt|DefaultStmt|LabelStmt)$/ || up ~ /^(If|While|Switch)Stmt$/ && nth > 1 ||
        up == "DoStmt" && nth == 1 || up == "ForStmt" && nth ~ /^[145]$/ || up == "BinaryOperator" && is_comma[depth - 1] && nth == 1
}
function may_change(parameters,   list, n, i) {
    n = split(parameters, list, ", ")
    for (i = 1; i <= n; i++)
        if (list[i] ~ /\*/ && list[i] !~ /^const /)
            return 1
    return 0
}
function settle() {
    if (name != "" && !checked)
        print "ignore", name, name, where ": " name " is declared without MUST_CHECK"
    name = ""
}
FNR == 1 {
    settle()
    split("", typedefs)
}
{
    kind[$1] = $2
    children[$1] = 0
    order[$1] = ++children[$1 - 1]
    is_comma[$1] = $5 ~ /','$/
}
$2 == "TypedefDecl" {
    split($5, quoted, "'")
    num = split(quoted[1], word, " ")
    typedefs[word[num]] = quoted[2]
}
$2 == "CallExpr" {
    split($5, quoted, "'")
    for (up = $1; kind[up - 1] == "ParenExpr"; up--)
        continue
    if (is_error(quoted[2]) && (is_statement(up) || kind[up - 1] == "CStyleCastExpr" && to_void[up - 1]))
        print "drop", $3, $4, "an error is dropped"
}
$2 == "CStyleCastExpr" {
    to_void[$1] = $5 ~ /<ToVoid>/
}
$1 == 1 {
    settle()
    checked = 0
}
$1 == 1 && $2 == "FunctionDecl" && ($3 ~ /\.h:/ || $4 ~ /\.h:/) && $4 !~ /\.c:/ {
    split($5, quoted, "'")
    type = quoted[3] == ":" ? quoted[4] : quoted[2]
    parameters = result = type
    sub(/^[^(]*\(/, "", parameters)
    sub(/ *\(.*/, "", result)
    if (is_error(result) || type ~ /^(_Bool|bool) \(/ && may_change(parameters)) {
        n = split(quoted[1], word, " ")
        name = word[n]
        where = $4
    }
}
$2 == "WarnUnusedResultAttr" {
    checked = 1
}
END {
    settle()
}
