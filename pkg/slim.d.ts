/**
 * The same package with its WebAssembly in a file of its own, `flowise-stream/slim.wasm`: it is compiled as it loads, and
 * can be cached and checked like any other file. Call `init` once before anything else.
 */

export * from './index.js'
export { default } from './index.js'

/** What WebAssembly can be made of. */
export type WasmInput = WebAssembly.Module | BufferSource | Response | URL | string

/**
 * Loads the WebAssembly; unless told, from `flowise-stream.wasm` beside this module. After a failure it can be called again.
 *
 * @throws {FlowiseError} (rejects) `connect`: the file cannot be loaded; `unsupported`: the page's Content-Security-Policy
 *   forbids WebAssembly, or it is no WebAssembly
 */
export function init(input?: WasmInput | Promise<WasmInput>): Promise<void>
