// Shared by the entries without sockets: they fetch socket.io-client only when a server of the old generation answers.

import { initSync } from '#core'
import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { provideLater } from '#snippet/provided.js'
import wasm from '#wasm'
import { createApi } from './api.js'
import { wasmError } from './wasm-error.js'

let loaded = false

// Runs at the first call, not at import: importing costs nothing and works on a server that calls nothing.
export function load() {
  if (loaded) return
  provideLater(() => import('./socket-io.js'))
  try {
    initSync({ module: wasm() })
  } catch (cause) {
    throw wasmError(cause)
  }
  loaded = true
}

const api = /* @__PURE__ */ createApi(load)

export const Flowise = api.Flowise
export { FlowiseError, isFlowiseError }

// For the entries that build on this one.
export { fetchOf, requestOf } from '#snippet/fetch.js'
export { joined, valueOf } from '#snippet/options.js'
export { uuid } from '#snippet/random.js'
export { guarded } from '#snippet/report.js'
