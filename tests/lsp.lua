-- In Neovim, with the plugin of editors/vim: opens wrong.m, waits for what is wrong with it, takes the
-- fix, lays it out, and writes what it got to "seen".
local seen = {}

local function see(what, value)
  table.insert(seen, what .. ': ' .. tostring(value))
end

local function wait(what, condition)
  if not vim.wait(20000, condition, 20) then
    see('in vain', what)
  end
end

local function client()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()[1]
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000) or {}
  for _, answer in pairs(answers) do
    return answer.result
  end
end

vim.cmd('edit wrong.m')
see('file type', vim.bo.filetype)
wait('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
for _, finding in ipairs(vim.diagnostic.get(0)) do
  see('finding', string.format('%d:%d-%d:%d %s [%s] %s', finding.lnum, finding.col, finding.end_lnum, finding.end_col,
    finding.source, finding.code or finding.user_data.lsp.code, finding.message))
end

local params = vim.lsp.util.make_range_params(0, 'utf-16')
params.range = { start = { line = 0, character = 0 }, ['end'] = { line = 9, character = 0 } }
params.context = { diagnostics = {} }
for _, action in ipairs(ask('textDocument/codeAction', params) or {}) do
  see('action', action.title)
  vim.lsp.util.apply_workspace_edit(action.edit, client().offset_encoding)
end
wait('no diagnostics', function() return #vim.diagnostic.get(0) == 0 end)
see('findings', #vim.diagnostic.get(0))

vim.fn.search('SpatialMap')
local hover = ask('textDocument/hover', vim.lsp.util.make_position_params(0, 'utf-16'))
see('hover', hover and vim.split(hover.contents.value, '\n')[1])

if vim.lsp.buf.format then
  vim.lsp.buf.format({ async = false, timeout_ms = 20000 })
else
  vim.lsp.buf.formatting_sync(nil, 20000)
end
for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
  see('line', line)
end
vim.fn.writefile(seen, 'seen')
vim.cmd('quitall!')
