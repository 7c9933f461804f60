# SPDX-License-Identifier: ISC
# mutate.awk - the mutants of a source, one a line: NUMBER <tab> LINE <tab> KIND <tab> the line as it becomes.
# What it looks at is code that reads hostile bytes and judges them: constraints, bounds, lengths, constants.
function mutant(kind, text) {
    if (text != $0)
        print ++number "\t" FNR "\t" kind "\t" text
}
# the line with the first match of `pattern` behind `from` replaced
function replaced(from, pattern, by,   rest) {
    rest = substr($0, from)
    if (!sub(pattern, by, rest))
        return $0
    return substr($0, 1, from - 1) rest
}
function blank(text) {
    match(text, /^ */)
    return substr(text, 1, RLENGTH) "; // " substr(text, RLENGTH + 1)
}
/^ *\/\*/ { in_comment = 1 }
in_comment { in_comment = !/\*\// ; next }
/^ *(#|\/\/)/ { next }
{ sub(/ *\/\*.*$/, ""); sub(/[ \t]+$/, "") }
/^[a-z].*\)$/ { rest_is_taken = 0 }
/^(enum|#)/ || /REQUIRE\(/ { next }
/cur_rest\(/ { rest_is_taken = 1 }
/^ *cur_want\(.*\);$/ { mutant("constraint removed", blank($0)) }
/= cur_end\(&c\);/ && !rest_is_taken { mutant("trailing bytes accepted", replaced(1, "cur_end\\(&c\\)", "c.err")) }
/return cur_end\(&c\);/ && !rest_is_taken { mutant("trailing bytes accepted", replaced(1, "cur_end\\(&c\\)", "c.err")) }
/^ *\*out = .* \? .* : \(struct/ { t = $0; sub(/= .* \? /, "= ", t); sub(/ : \(struct.*/, ";", t); mutant("not zeroed on failure", t) }
/^ *\*out = \(struct [a-z_]+\)\{ 0 \};/ && was_failure { mutant("not zeroed on failure", blank($0)) }
/^ *\*c = \(struct cur\)/ { mutant("cursor not emptied on failure", "        c->err = e;") }
/^ +[^ ]/ {
    for (i = 1; i < length($0); i++) {
        two = substr($0, i, 2); before = substr($0, i - 1, 1); after = substr($0, i + 2, 1)
        if (two == "<=") mutant("<= becomes <", substr($0, 1, i - 1) "<" substr($0, i + 2))
        if (two == ">=" && before != ">") mutant(">= becomes >", substr($0, 1, i - 1) ">" substr($0, i + 2))
        if (two == "< " && before == " ") mutant("< becomes <=", substr($0, 1, i - 1) "<=" substr($0, i + 1))
        if (two == "> " && before == " ") mutant("> becomes >=", substr($0, 1, i - 1) ">=" substr($0, i + 1))
        if (two == "&&") mutant("&& becomes ||", substr($0, 1, i - 1) "||" substr($0, i + 2))
        if (two == "||") mutant("|| becomes &&", substr($0, 1, i - 1) "&&" substr($0, i + 2))
    }
}
/cur_(bytes|want)|span_u|span_first|span_skip|switch|== |cur_u/ && match($0, /[^A-Za-z0-9_.]([0-9]+|0x[0-9a-f]+)[^A-Za-z0-9_.]/) {
    mutant("constant off by one", substr($0, 1, RSTART) "1 + " substr($0, RSTART + 1))
}
/^ *(h|q|m|out)(->|\.)[a-z_]+ = cur_u/ { t = $0; sub(/= .*;/, "= 0;", t); mutant("field not read", t) }
/^ *if \(.*\)( \{)?$/ { t = $0; sub(/if \(/, "if (!(", t); sub(/\)( \{)?$/, ")&", t); mutant("condition negated", t) }
# what goes on where the decoder refused
/return WIRE_[A-Z_]+;/ && !/WIRE_OK/ { mutant("error accepted", replaced(1, "WIRE_[A-Z_]+", "WIRE_OK")) }
/^ *if \(.*(bytes|length|\.n[^a-z_]|_MAX|_MIN).*\)( \{)?$/ {
    t = replaced(1, "if \\(", "if (0 \\&\\& (")
    sub(/\)( \{)?$/, ")&", t)
    mutant("bounds check removed", t)
}
# the smaller of two lengths becomes the one that the input says
match($0, /[A-Za-z0-9_.>-]+ <=? [A-Za-z0-9_.>-]+ \? /) {
    mutant("length trusted", substr($0, 1, RSTART - 1) "1 ? " substr($0, RSTART + RLENGTH))
    mutant("length trusted", substr($0, 1, RSTART - 1) "0 ? " substr($0, RSTART + RLENGTH))
}
/= .* & 0x[0-9a-f]+[,;)]/ && !/ & 0xff(ff)?[,;)]/ { mutant("mask removed", replaced(1, " & 0x[0-9a-f]+", "")) }
{ was_failure = /if \(e(rr)? != WIRE_OK\)/ }
