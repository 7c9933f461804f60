# SPDX-License-Identifier: ISC
# blocks.awk - turns the fenced blocks of a document into a shell script that calls the functions of test-tutorial:
#
#     ```LANGUAGE file=NAME [same=PATH]       the block is written to NAME; PATH of the tree holds the same bytes
#     ```console                              "$ COMMAND" lines, each with the output that is expected of it
#     ```console background                   one command that goes on running; its output begins as expected
#
# A line "^C" interrupts the command in the background; what follows is the rest of its output. Blocks of other kinds
# are not run. In expected output "..." is any text, and on a line of its own any lines.
function quoted(s) { gsub(/'/, "'\\''", s); return "'" s "'" }
function flush_command() {
    if (!has_command) return
    if (is_background) print "background " at " " quoted(command) " <<'END_OF_BLOCK'"
    else if (command == "^C") print "interrupt " at " <<'END_OF_BLOCK'"
    else print "run " at " " quoted(command) " <<'END_OF_BLOCK'"
    printf "%s", expected
    print "END_OF_BLOCK"
    has_command = 0; expected = ""
}
/^```/ && !inside {
    inside = 1; start = FNR; name = same = ""
    is_console = $1 == "```console"
    is_background = is_console && $2 == "background"
    for (i = 2; i <= NF; i++) {
        if ($i ~ /^file=/) name = substr($i, 6)
        if ($i ~ /^same=/) same = substr($i, 6)
    }
    if (name != "") print "file " FNR " " quoted(name) " " quoted(same) " <<'END_OF_BLOCK'"
    else if (is_console) print "block " FNR
    next
}
/^```$/ {
    inside = 0
    if (name != "") print "END_OF_BLOCK"
    if (is_console) { flush_command(); print "block_end" }
    next
}
!inside { next }
name != "" { print; next }
!is_console { next }
continues { command = command "\n" $0; continues = $0 ~ /\\$/; next }
/^\$ / { flush_command(); has_command = 1; at = FNR; command = substr($0, 3); continues = $0 ~ /\\$/; next }
/^\^C$/ { flush_command(); has_command = 1; at = FNR; command = "^C"; next }
{ expected = expected $0 "\n" }
