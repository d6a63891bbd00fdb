// Why the WebAssembly cannot run here, and what to do about it.

import { FlowiseError } from '#snippet/error.js'

// The smallest valid module: if the browser refuses even this one, our module is not the cause.
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)

/** Returns why a module could not be compiled and instantiated. */
export function wasmError(cause) {
  return new FlowiseError(message(), 'unsupported', undefined, cause)
}

const BY_POLICY = "WebAssembly is forbidden here: add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy"
const BY_HOST =
  'this host compiles no WebAssembly at run time: bundle with the condition `workerd`, or import flowise-stream/slim, and pass to `init` the module that the host makes of flowise-stream/slim.wasm'

function message() {
  if (typeof WebAssembly === 'undefined') return 'this browser has no WebAssembly, or it is turned off'
  try {
    // WebKit ignores the page's policy when it compiles, and refuses the instance.
    new WebAssembly.Instance(new WebAssembly.Module(EMPTY))
  } catch {
    // Pages and their workers have an address, and perhaps a policy.
    return typeof location === 'undefined' ? BY_HOST : BY_POLICY
  }
  return 'the WebAssembly of flowise-stream is damaged: check that its file is served as it is in the package'
}
