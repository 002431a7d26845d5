# Counts per memory beside those of mappings.txt, which says how it is written.  First file: the runs,
# `run path value`; second: mappings.txt.  A count that is not the published one is marked, and the
# exit status is 1.  -v tap=1: the same as a test's output.

BEGIN {
    n_counts = split("tile reads fills writes drains psum_reads", count, " ")
    name["A"] = name["I"] = "Input"
    name["B"] = name["W"] = "Weight"
    name["C"] = name["O"] = "Output"
}

function trim(s) { gsub(/^ +| +$/, "", s); return s }
function say(line) { sub(/ +$/, "", line); print (tap ? "# " : "") line }
function verdict(ok, what) {
    if (tap) print (ok ? "" : "not ") "ok - " run " " what
    if (!ok) failed = 1
    return ok ? "" : "  <- dcc has another"
}

# What a run says; memories go by their numbers there.
FNR == NR {
    run = $1
    path = $2
    sub(/^[^ ]+ [^ ]+ /, "")
    n = split(path, part, ".")
    if (part[1] "." part[2] == "layers.0" && part[3] == "memories") {
        if (part[5] == "name") memory = $0
        else if (part[5] == "tensors") {
            if (part[7] == "tile") pairs[run]++
            value[run, memory, name[part[6]], part[7]] = $0
        } else value[run, memory, part[5]] = $0
    } else value[run, path] = $0
    next
}

/^#/ || /^ *$/ { next }
/^note / { sub(/^note /, ""); note[++notes] = $0; next }
{ n = split($0, cell, "|"); for (i = 1; i <= n; i++) cell[i] = trim(cell[i]) }

/^mapping / {
    if (run != "") say("")
    run = substr(cell[1], 9)
    tool = cell[6]
    rows = more = 0
    say("" cell[7])
    say(sprintf("  %-14s %5s %-6s %9s %11s %9s %10s %9s %10s", "memory", "units", "tensor", "tile", "reads", "fills", \
        "writes", "drains", "psum reads"))
    next
}

/^own / {
    at = substr(cell[1], 5)
    line = sprintf("    %-19s %-6s", tool, cell[2])
    for (i = 1; i <= n_counts; i++) line = line figure(i, cell[i + 2])
    say(line "  " cell[9])
    # What its fills and partial sums cost more; reading and writing cost the same there.
    if (value[run, at, "accesses"] > 0) {
        each = value[run, at, "energy_pj"] / value[run, at, "accesses"]
        for (i = 1; i <= n_counts; i++)
            if (i > 1 && cell[i + 2] != "-") more += each * (cell[i + 2] - value[run, at, cell[2], count[i]])
    }
    next
}

# Six columns; the widths are those of the heading.
function figure(i, text) { return sprintf(" %*s", i == 1 ? 9 : i == 2 ? 11 : i == 4 || i == 6 ? 10 : 9, text) }

/^energy / {
    known = value[run, "layers.0.energy_pj.total_known_pj"]
    ours = sprintf("%.6f", known / 1e6)
    theirs = sprintf("%.6f", (known + more) / 1e6)
    line = sprintf("  energy [uJ]  dcc %s, %s %s", ours, tool, cell[3])
    if (tool == "FactorFlow" && more > 0) line = line ", dcc with its counts " theirs
    say(line "  " cell[4] verdict(ours == cell[2], "energy"))
    if (tool == "FactorFlow") verdict(theirs == cell[3], "energy with the counts of " tool)
    next
}

/^cycles / {
    same = value[run, "layers.0.onchip_cycles"] == cell[2] && value[run, "layers.0.offchip_cycles"] == cell[3] && \
        value[run, "layers.0.cycles"] == cell[4]
    say(sprintf("  cycles       dcc %d on the chip, %d off it, %d in all; %s %d  %s", value[run, "layers.0.onchip_cycles"], \
        value[run, "layers.0.offchip_cycles"], value[run, "layers.0.cycles"], tool, cell[5], cell[6]) verdict(same, "cycles"))
    verdict(rows == pairs[run], "all memories")
    next
}

{
    rows++
    units = value[run, cell[1], "units"]
    same = units == cell[2]
    line = sprintf("  %-14s %5s %-6s", cell[1], units, cell[3])
    for (i = 1; i <= n_counts; i++) {
        have = value[run, cell[1], cell[3], count[i]]
        same = same && have == cell[i + 3]
        line = line figure(i, have)
    }
    say(line verdict(same, cell[1] " " cell[3]))
}

END {
    say("")
    for (i = 1; i <= notes; i++) say("  " note[i])
    say("")
    exit failed
}
