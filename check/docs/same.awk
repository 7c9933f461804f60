# SPDX-License-Identifier: ISC
# same.awk EXPECTED ACTUAL - ends well where the actual lines are the expected ones: "..." is any text, and on a line
# of its own any lines. With -v prefix=1 more lines may follow.
function line_fits(e, a,    n, part, i, at) {
    n = split(e, part, /\.\.\./)
    if (n <= 1) return e == a
    if (substr(a, 1, length(part[1])) != part[1]) return 0
    a = substr(a, length(part[1]) + 1)
    for (i = 2; i < n; i++) {
        at = index(a, part[i])
        if (part[i] != "" && at == 0) return 0
        if (part[i] != "") a = substr(a, at + length(part[i]))
    }
    return length(a) >= length(part[n]) && substr(a, length(a) - length(part[n]) + 1) == part[n]
}
function fits(i, j) {
    for (; i <= num_expected; i++) {
        if (expected[i] == "...") {
            if (i == num_expected) return 1
            for (; j <= num_actual; j++) if (fits(i + 1, j)) return 1
            return 0
        }
        if (j > num_actual || !line_fits(expected[i], actual[j])) return 0
        j++
    }
    return prefix || j > num_actual
}
FILENAME == ARGV[1] { expected[++num_expected] = $0; next }
{ actual[++num_actual] = $0 }
END { exit !fits(1, 1) }
