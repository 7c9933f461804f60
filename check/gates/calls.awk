# SPDX-License-Identifier: ISC
# calls.awk - finds in the trees of check/gates/ast the functions that Morgana's guest code does not
# call: the C library's strings and conversions, jumps, sizes of the stack known only at run time, the C
# heap, and raw copies. Taking such a function's address counts as well, and so do other names for a function, and assembly.
# Prints "KIND BEGIN END WHAT", and "edge - - CALLER CALLEE" for each direct call, for recursion.
BEGIN {
    FS = "\t"
    sets["string"] = "^(str|stp|wcs)[a-z]+(_r)?$|^v?(s|sn|as)printf$|^v?sscanf$|^ato(i|l|ll|f)$|^gets$"
    sets["jump"] = "^_?_?(sig)?(set|long)jmp$"
    sets["stack"] = "^alloca(_with_align)?$"
    sets["heap"] = "^(malloc|calloc|realloc|reallocarray|free|aligned_alloc|posix_memalign|memalign)$"
    sets["mem"] = "^(mem[a-z]+|b(copy|zero|cmp)|explicit_bzero)$"
}
FNR == 1 {
    split("", unique)           # static functions carry their file's name, and may have any
    caller = ""
}
{
    kind[$1] = $2
    children[$1] = 0
    number = ++children[$1 - 1]
    order[$1] = number
}
$2 == "FunctionDecl" {
    split($5, quoted, "'")
    n = split(quoted[1], word, " ")
    name = word[n]
    split($4, at, ":")
    if ($5 ~ /' static/)
        unique[name] = at[1] ":" name
    caller = name in unique ? unique[name] : name
}
$2 ~ /^(Var|ParmVar|Typedef|Field)Decl$/ {
    split($5, quoted, "'")
    if (quoted[2] ~ /\[[^]0-9]/ || quoted[4] ~ /\[[^]0-9]/)
        print "stack", $3, $4, "an array of variable length"
}
$2 == "DeclRefExpr" && $5 ~ / Function 0x/ {
    name = $5
    sub(/^.* Function 0x[0-9a-f]+ '/, "", name)
    sub(/'.*/, "", name)
    # behind casts, parentheses, & and *
    for (up = $1; kind[up - 1] ~ /^(ImplicitCast|CStyleCast|Paren)Expr$|^UnaryOperator$/; up--)
        continue
    if (kind[up - 1] == "CallExpr" && order[up] == 1)
        print "edge", "-", "-", caller, (name in unique ? unique[name] : name)
    plain = name
    sub(/^__builtin_(___?)?/, "", plain)
    sub(/_chk$/, "", plain)
    for (set in sets)
        if (plain ~ sets[set] && !(name in unique))
            print set, $3, $4, "calls " name
}
$2 == "CleanupAttr" {
    split($5, quoted, "'")
    print "edge", "-", "-", caller, (quoted[2] in unique ? unique[quoted[2]] : quoted[2])
}
$2 ~ /^(AsmLabel|Alias|WeakRef|IFunc)Attr$/ && kind[$1 - 1] == "FunctionDecl" {
    print "alias", $3, $4, "a function gets the name of another"
}
$2 ~ /^(GCCAsmStmt|FileScopeAsmDecl)$/ {
    print "asm", $3, $4, "assembly"
}
