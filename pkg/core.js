// Shared by the entries without sockets: they fetch socket.io-client only when a server of the old generation answers.

import { initSync } from '#core'
import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { provideLater } from '#snippet/provided.js'
import wasm from '#wasm'
import { createApi } from './api.js'
import { wasmError } from './wasm-error.js'

let loaded = false
let source = wasm

/** Uses a module that the host has compiled, instead of the bytes in the script. */
export function useModule(module) {
  source = () => module
}

// Runs at the first call, not at import: importing costs nothing and works on a server that calls nothing.
export function load() {
  if (loaded) return
  provideLater(() => import('./socket-io.js'))
  try {
    initSync({ module: source() })
  } catch (cause) {
    throw wasmError(cause)
  }
  loaded = true
}

const api = /* @__PURE__ */ createApi(load)

export const Flowise = api.Flowise
export { FlowiseError, isFlowiseError }
