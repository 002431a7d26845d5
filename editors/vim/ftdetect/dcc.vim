" Files *.m are of several languages: those of dcc have a line that begins with one of its blocks.
autocmd BufNewFile,BufRead *.hw set filetype=dcc
autocmd BufRead *.m
    \ if search('\m\C^\s*\(Dataflow\|Network\|Operator\|Accelerator\|Technology\)\>[^()=;]*{', 'nw') > 0 |
    \   set filetype=dcc |
    \ endif
