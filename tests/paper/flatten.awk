# The JSON that dcc prints, one value a line with its path: `run layers.0.levels.2.children 4`.
# It relies on dcc's layout, a key or a value per line.  -v run=NAME goes before each path.

function path(    i, s) {
    s = name[1]
    for (i = 2; i <= depth; i++) s = s "." name[i]
    return s
}

# What the line is called: its key, or its place in an array.
function call(line) {
    if (array[depth]) name[depth] = place[depth]++
    else if (match(line, /^ *"[^"]*"/)) {
        name[depth] = substr(line, RSTART, RLENGTH)
        gsub(/[ "]/, "", name[depth])
    }
}

/^ *[]}],?$/ { depth--; next }
{ call($0) }
/[[{]$/ { depth++; array[depth] = /\[$/; place[depth] = 0; next }
depth {
    value = $0
    if (!array[depth]) sub(/^ *"[^"]*": */, "", value)
    gsub(/^ *"?|"?,?$/, "", value)
    print run, path(), value
}
