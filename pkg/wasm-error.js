import { FlowiseError } from '#snippet/error.js'

// The smallest module there is: where even this is refused, it is not the module that is wrong.
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)

/** Says why a module could not be made into a running one. */
export function wasmError(cause) {
  return new FlowiseError(message(), 'unsupported', undefined, cause)
}

const BY_POLICY = "WebAssembly is forbidden here: add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy"
const BY_HOST =
  'this host compiles no WebAssembly at run time: import flowise-stream/slim, and pass to `init` the module that the host makes of flowise-stream/slim.wasm'

function message() {
  if (typeof WebAssembly === 'undefined') return 'this browser has no WebAssembly, or it is turned off'
  try {
    // WebKit compiles whatever the page's policy says, and refuses the instance.
    new WebAssembly.Instance(new WebAssembly.Module(EMPTY))
  } catch {
    // Pages and their workers have an address, and perhaps a policy.
    return typeof location === 'undefined' ? BY_HOST : BY_POLICY
  }
  return 'the WebAssembly of flowise-stream is damaged: check that its file is served as it is in the package'
}
