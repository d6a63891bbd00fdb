// What the entries share that do not hand out sockets: socket.io-client is fetched when a server of the old generation answers.

import { initSync } from '#core'
import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { provideLater } from '#snippet/provided.js'
import wasm from '#wasm'
import { createApi } from './api.js'
import { wasmError } from './wasm-error.js'

let loaded = false

// At the first call and not at import, so that importing costs nothing and works where nothing is called (on a server).
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
