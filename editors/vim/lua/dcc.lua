-- Starts dcc-lsp for a buffer: one server for all buffers of a folder.
local M = {}

-- Neovim 0.7 does not reuse servers by itself; by folder.
local running = {}

local function start_old(config)
  local client = running[config.root_dir]
  if client == nil or vim.lsp.get_client_by_id(client) == nil then
    client = vim.lsp.start_client(config)
    running[config.root_dir] = client
  end
  if client then
    vim.lsp.buf_attach_client(0, client)
  end
end

function M.start()
  local command = vim.g.dcc_lsp_command or { 'dcc-lsp' }
  if vim.fn.executable(command[1]) == 0 then
    return
  end
  local config = {
    name = 'dcc-lsp',
    cmd = command,
    root_dir = vim.fn.expand('%:p:h'),
  }
  if vim.lsp.start then
    vim.lsp.start(config)
  else
    start_old(config)
  end
end

return M
