// The entry whose WebAssembly is a separate file.

import { initSync } from '#core'
import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { provide } from '#snippet/provided.js'
import { createApi } from './api.js'
import * as socketIo from './socket-io.js'
import { wasmError } from './wasm-error.js'

let loaded = false
let loading

/** Loads the WebAssembly. After a failure, the next call tries again. */
export function init(input = new URL('./flowise-stream.wasm', import.meta.url)) {
  loading ??= instantiate(input).catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

async function instantiate(input) {
  const given = await input
  const source = typeof given === 'string' || given instanceof URL ? await download(given) : given
  try {
    initSync({ module: await compile(source) })
  } catch (cause) {
    throw wasmError(cause)
  }
  loaded = true
}

async function download(url) {
  let response
  try {
    response = await fetch(url)
  } catch (cause) {
    throw new FlowiseError(`${url} cannot be loaded`, 'connect', undefined, cause)
  }
  if (response.ok) return response
  throw new FlowiseError(`${url} cannot be loaded: HTTP status ${response.status}`, 'connect', response.status)
}

async function compile(source) {
  if (source instanceof WebAssembly.Module) return source
  if (!(source instanceof Response)) return WebAssembly.compile(source)
  // some servers send another media type, and then the browser refuses to compile while it loads
  if (source.headers.get('content-type')?.startsWith('application/wasm')) return WebAssembly.compileStreaming(source)
  return WebAssembly.compile(await source.arrayBuffer())
}

function load() {
  provide(socketIo)
  if (!loaded) throw new FlowiseError('call `await init()` of flowise-stream/slim before anything else', 'config')
}

const api = /* @__PURE__ */ createApi(load)

export const connect = api.connect
export const query = api.query
export const stream = api.stream
export const fromResponse = api.fromResponse
export const Flowise = api.Flowise
export const EventStreamDecoder = api.EventStreamDecoder
export { FlowiseError, isFlowiseError }
export default connect
