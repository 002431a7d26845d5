" Dataflows, networks and hardware of dcc.
if exists('b:current_syntax')
  finish
endif

syntax case match
syntax iskeyword @,48-57,_,'

" From dcc's tables, by UPDATE=1 tests/editors.sh:
syntax keyword dccBlock Accelerator Allocate Budget Buffer Dataflow Default Density Dilation Dimensions Fanout Hierarchy Layer MAC Memory Network NoC OffChip Operator Padding Split Stride System Technology
syntax keyword dccDirective Any Cluster Level SpatialMap TemporalMap
syntax keyword dccKey Area Bandwidth Capacity Clock Copies Count Dims Energy From Holds Hops Input Lanes Latency Leakage Multicast NoC_NumHops Order Output PEs Partial Power Precision Prefetch Read Reduction Setup Shared Type Upscaled Weight Width Window Write l1_size_cstr l2_size_cstr noc_bw_cstr num_pes offchip_bw_cstr
syntax keyword dccType ACT ADD CONV DSCONV FC GEMM LSTM MATMUL MUL NGCONV NORM POOL SOFTMAX TRCONV
syntax keyword dccFunction Sz Win ceil max min
syntax keyword dccValue layer no none step tile yes
syntax match dccUnit "\v\C%(\d\s*)@<=%(access|cycles|Kibit|Mibit|cycle|Kbit|Mbit|bits|GHz|GiB|KiB|MHz|MiB|bit|hop|kHz|min|mm2|um2|GB|Hz|KB|MB|fJ|mJ|mV|mW|mm|ms|nJ|nW|nm|ns|pJ|ps|uJ|uW|um|us|B|J|V|W|b|s)%(/%(access|cycles|Kibit|Mibit|cycle|Kbit|Mbit|bits|GHz|GiB|KiB|MHz|MiB|bit|hop|kHz|min|mm2|um2|GB|Hz|KB|MB|fJ|mJ|mV|mW|mm|ms|nJ|nW|nm|ns|pJ|ps|uJ|uW|um|us|B|J|V|W|b|s))?>"

syntax keyword dccConstant Constant
syntax keyword dccWord for over ordered in and auto
syntax match dccHole "?"
syntax match dccNumber "\v<\d+(\.\d+)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?"
syntax cluster dccNames contains=dccBlock,dccDirective,dccKey,dccType
syntax region dccString start=+"+ end=+"+ oneline
syntax keyword dccTodo TODO FIXME XXX contained
syntax match dccComment "//.*" contains=dccTodo,@Spell
syntax match dccComment "#.*" contains=dccTodo,@Spell
syntax region dccComment start="/\*" end="\*/" contains=dccTodo,@Spell

highlight default link dccBlock Structure
highlight default link dccDirective Statement
highlight default link dccKey Identifier
highlight default link dccType Type
highlight default link dccFunction Function
highlight default link dccValue Boolean
highlight default link dccUnit Special
highlight default link dccConstant Define
highlight default link dccWord Keyword
highlight default link dccHole Special
highlight default link dccNumber Number
highlight default link dccString String
highlight default link dccComment Comment
highlight default link dccTodo Todo

let b:current_syntax = 'dcc'
