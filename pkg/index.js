import { initSync } from '#core'
import wasm from '#wasm'
import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { createApi } from './api.js'
import { wasmError } from './wasm-error.js'

let loaded = false

// At the first call and not at import, so that importing costs nothing and works where nothing is called (on a server).
function load() {
  if (loaded) return
  try {
    initSync({ module: wasm() })
  } catch (cause) {
    throw wasmError(cause)
  }
  loaded = true
}

const api = /* @__PURE__ */ createApi(load)

export const connect = api.connect
export const query = api.query
export const stream = api.stream
export const Flowise = api.Flowise
export const EventStreamDecoder = api.EventStreamDecoder
export { FlowiseError, isFlowiseError }
export default connect
