# Published beside ours.  First file: figures, `name value` and `text TABLE line`.  Second: the
# rows, published.txt, which says how it is written.  A figure that is not the recorded one is
# marked, and the exit status is 1.  -v tap=1: the same as a test's output.

function trim(s) { gsub(/^ +| +$/, "", s); return s }
function say(line) { print (tap ? "# " : "") line }

# What stands below a table: its texts, then its notes.
function finish(    i) {
    if (table == "") return
    if (texts[table]) say("")
    for (i = 1; i <= texts[table]; i++) say("  " text[table, i])
    say("")
    for (i = 1; i <= notes; i++) say("  " note[i])
    say("")
    notes = 0
}

# Recorded figures are rounded: a thousandth may be off, or half of the last digit.
function same(have, want,    digits, slack) {
    digits = index(want, ".") ? length(want) - index(want, ".") : 0
    for (slack = 0.5000001; digits > 0; digits--) slack /= 10
    if (slack < 0.001 * want) slack = 0.001 * want
    return have - want <= slack && want - have <= slack
}

function row(name, label, published, recorded, why,    have, digits, ratio, verdict) {
    have = figure[name]
    digits = index(recorded, ".") ? length(recorded) - index(recorded, ".") : 0
    ratio = published + 0 > 0 && have != "" ? sprintf("%.3f", have / published) : "-"
    verdict = have != "" && same(have, recorded)
    say(sprintf("  %-44s %10s %10s %7s  %s%s", label, published, have == "" ? "none" : sprintf("%." digits "f", have), \
        ratio, why, verdict ? "" : "  <- was " recorded))
    if (tap) print (verdict ? "" : "not ") "ok - " name
    if (!verdict) failed = 1
}

FNR == NR && $1 == "text" {
    name = $2
    sub("^text " name " ?", "")
    text[name, ++texts[name]] = $0
    next
}
FNR == NR { figure[$1] = $2; next }

/^#/ || /^ *$/ { next }
/^table / {
    finish()
    table = $2
    sub(/^table [^ ]+ +/, "")
    say($0)
    say(sprintf("  %-44s %10s %10s %7s  %s", "", "published", "ours", "ratio", "note"))
    next
}
/^note / { sub(/^note /, ""); note[++notes] = $0; next }
{
    split($0, cell, "|")
    row(trim(cell[1]), trim(cell[2]), trim(cell[3]), trim(cell[4]), trim(cell[5]))
}
END {
    finish()
    exit failed
}
