import { initSync } from '#core'
import wasm from '#wasm'
import { wasmError } from './wasm-error.js'

let loaded = false

/** Loads the WebAssembly inside the script. Entries call it in their first call, so that an import does nothing. */
export function load() {
  if (loaded) return
  try {
    initSync({ module: wasm() })
  } catch (cause) {
    throw wasmError(cause)
  }
  loaded = true
}
