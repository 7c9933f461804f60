# SPDX-License-Identifier: ISC
# ast.awk - from clang's text dump of a syntax tree to one node a line (see check/gates/ast). The dump
# gives each location as the difference to the one printed before, hence the bookkeeping.
BEGIN {
    OFS = "\t"
}
function place(l,   part, n) {          # a printed location -> FILE:LINE
    if (l == "invalid")
        return "-"
    n = split(l, part, ":")
    if (part[1] == "line")
        line = part[2]
    else if (part[1] != "col") {
        file = part[1]
        sub(/^\.\//, "", file)
        line = part[n - 1]
    }
    return file ":" line
}
{
    match($0, /[A-Za-z<]/)
    depth = (RSTART - 1) / 2
    s = substr($0, RSTART)
    sub(/^[a-z_]+: /, "", s)
    gsub(/<invalid sloc>/, "invalid", s)
    gsub(/<scratch space>/, "(scratch)", s)
    gsub(/<(built-in|command line)>/, "(builtin)", s)
    kind = s
    sub(/ .*/, "", kind)
    begin = end = "-"
    address = s
    sub(/^[^ ]* /, "", address)
    sub(/ .*/, "", address)
    rest = substr(s, length(kind) + 2)
    if (match(rest, /<[^>]*>/) && rest ~ /^0x[0-9a-f]+( (prev|parent) 0x[0-9a-f]+)* </) {
        range = substr(rest, RSTART + 1, RLENGTH - 2)
        rest = substr(rest, RSTART + RLENGTH)
        n = split(range, ends, ", ")
        begin = place(ends[1])
        end = n > 1 ? place(ends[2]) : begin
        if (rest ~ /^ (invalid|[^ ']+:[0-9]+) /) {
            sub(/^ /, "", rest)
            name_at = rest
            sub(/ .*/, "", name_at)
            place(name_at)
            sub(/^[^ ]+/, "", rest)
        }
    }
    by_system = begin ~ /^\/usr/ && end ~ /^\/usr/ ? "system" : ""
    # what a system header's macro brings, or pasting made, belongs to the node around it
    if (begin ~ /^(\/usr|\(scratch)/ && depth > 1)
        begin = begins[depth - 1]
    if (end ~ /^(\/usr|\(scratch)/ && depth > 1)
        end = ends_at[depth - 1]
    begins[depth] = begin
    ends_at[depth] = end
    if (depth <= 1)
        shown = !((begin ~ /^(\/|-|\(builtin)/) && (end ~ /^(\/usr|-|\(builtin)/))
    if (shown)
        print depth, kind, begin, end, rest, by_system, address
}