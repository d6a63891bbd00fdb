// The WebAssembly inside the script.

import { initSync } from '#core'
import wasm from '#wasm'
import { wasmError } from './wasm-error.js'

let loaded = false
let source = wasm

/** Uses a module that the host has compiled, instead of the bytes in the script. */
export function useModule(module) {
  source = () => module
}

/** Loads the WebAssembly inside the script. Entries call it in their first call, so that an import does nothing. */
export function load() {
  if (loaded) return
  try {
    initSync({ module: source() })
  } catch (cause) {
    throw wasmError(cause)
  }
  loaded = true
}
