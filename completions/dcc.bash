# Completion of dcc, dcc-dse, dcc-map, dcc-sched, dcc-lsp and dcc-onnx for bash: options from --help, and what options
# take from dcc --list.

# The first words of the lines of dcc --list.
_dcc_list() {
    dcc --list "$1" 2>/dev/null | cut -d ' ' -f 1
}

# Names of a kind, and files.
_dcc_files() {
    local word=$1 kind
    shift
    for kind in "$@"; do
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$(_dcc_list "$kind")" -- "$word")
    done
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
}

# Keys of the machine, with the sign that a value follows.
_dcc_keys() {
    mapfile -t COMPREPLY < <(compgen -W "$(_dcc_list keys)" -S = -- "$1")
    compopt -o nospace 2>/dev/null
}

# Layers of the model that the command line names.
_dcc_layers() {
    local i names
    for ((i = 1; i < ${#COMP_WORDS[@]} - 1; i++)); do
        [ "${COMP_WORDS[i]}" = --model ] || continue
        names=$(_dcc_model "${COMP_WORDS[i + 1]}" |
            sed -n 's/^ *Layer *"\{0,1\}\([^" {]*\)"\{0,1\} *{.*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$names" -- "$1")
    done
}

_dcc_model() {
    if [ -f "$1" ]; then cat "$1"; else dcc --format "$1" 2>/dev/null; fi
}

_dcc_options() {
    mapfile -t COMPREPLY < <(compgen -W "$("$2" --help 2>/dev/null |
        sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p')" -- "$1")
}

_dcc() {
    local tool=$1 word=$2 before=$3
    COMPREPLY=()
    case $before in
    --model) _dcc_files "$word" models ;;
    --hw) _dcc_files "$word" hardware ;;
    --layer | --why | --explain) _dcc_layers "$word" ;;
    --set | --sweep) _dcc_keys "$word" ;;
    --list)
        mapfile -t COMPREPLY < <(compgen -W "operators checks metrics keys dataflows models hardware" \
            -- "$word")
        ;;
    --optimize) mapfile -t COMPREPLY < <(compgen -W "runtime energy edp" -- "$word") ;;
    --objective | --objectives)
        mapfile -t COMPREPLY < <(compgen -W "runtime energy edp $(_dcc_list metrics)" -- "$word")
        ;;
    --sizes) mapfile -t COMPREPLY < <(compgen -W "divisors canonical all" -- "$word") ;;
    --csv-columns) mapfile -t COMPREPLY < <(compgen -W "dcc maestro" -- "$word") ;;
    -W | --warn) mapfile -t COMPREPLY < <(compgen -W "$(_dcc_list checks)" -- "$word") ;;
    *)
        case $word in
        -*) _dcc_options "$word" "$tool" ;;
        *) _dcc_files "$word" dataflows ;;
        esac
        ;;
    esac
}

complete -F _dcc dcc dcc-dse dcc-map dcc-sched dcc-lsp
complete -o default -F _dcc dcc-onnx
