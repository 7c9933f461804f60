# SPDX-License-Identifier: ISC
# mustcheck.awk - finds in the trees of check/gates/ast the fallible functions that a header declares
# without MUST_CHECK: those that return err, enum wire_err, or bool where a pointer lets them change
# something (a question about const things may go unanswered). Prints "ignore NAME NAME WHERE".
BEGIN {
    FS = "\t"
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
}
$1 == 1 {
    settle()
    checked = 0
}
$1 == 1 && $2 == "FunctionDecl" && ($3 ~ /\.h:/ || $4 ~ /\.h:/) && $4 !~ /\.c:/ {
    split($5, quoted, "'")
    type = quoted[2]
    parameters = type
    sub(/^[^(]*\(/, "", parameters)
    if (type ~ /^(err|enum err|enum wire_err) \(/ || type ~ /^(_Bool|bool) \(/ && may_change(parameters)) {
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
