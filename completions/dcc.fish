# Completion for fish: options from --help, and what options take from dcc --list.

function __dcc_list
    dcc --list $argv[1] 2>/dev/null | string replace -r '^(\S+)\s+(.*)$' '$1\t$2'
end

function __dcc_options
    set -l tool (commandline -opc)[1]
    $tool --help 2>/dev/null |
        string match -r '^\s+(?:-., )?--[a-z-]+.*' |
        string replace -r '^\s+(?:-., )?(--[a-z-]+)\S*\s*(.*)$' '$1\t$2'
end

function __dcc_after
    set -l before (commandline -opc)[-1]
    contains -- $before $argv
end

for tool in dcc dcc-dse dcc-map dcc-lsp dcc-onnx dcc-sched
    complete -c $tool -n 'string match -q -- "-*" (commandline -ct)' -a '(__dcc_options)'
    complete -c $tool -n '__dcc_after --model' -a '(__dcc_list models)'
    complete -c $tool -n '__dcc_after --hw' -a '(__dcc_list hardware)'
    complete -c $tool -n '__dcc_after --set --sweep' -a '(__dcc_list keys | string replace -r "^(\S+)" "\$1=")'
    complete -c $tool -n '__dcc_after --list' -f -a 'operators checks metrics keys dataflows models hardware'
    complete -c $tool -n '__dcc_after --optimize' -f -a 'runtime energy edp'
    complete -c $tool -n '__dcc_after --objective --objectives' -f -a 'runtime energy edp (__dcc_list metrics)'
    complete -c $tool -n '__dcc_after --sizes' -f -a 'divisors canonical all'
    complete -c $tool -n '__dcc_after --csv-columns' -f -a 'dcc maestro'
    complete -c $tool -n '__dcc_after -W --warn' -f -a '(__dcc_list checks)'
    complete -c $tool -n 'not __dcc_after --model --hw --set --sweep' -a '(__dcc_list dataflows)'
end
