/**
 * The same package with its WebAssembly in a separate file, `flowise-stream/slim.wasm`. The browser compiles it while it loads,
 * and can cache it like any other file. Call `init` once before anything else.
 */

export * from './index.js'
export { default } from './index.js'

/** The sources that `init` accepts. */
export type WasmInput = WebAssembly.Module | BufferSource | Response | URL | string

/**
 * Loads the WebAssembly. Defaults to `flowise-stream.wasm` beside this module. It can be called again after a failure.
 *
 * @throws {FlowiseError} (rejects) `connect`: the file cannot be loaded; `unsupported`: the page's Content-Security-Policy
 *   forbids WebAssembly, or the file is not WebAssembly
 */
export function init(input?: WasmInput | Promise<WasmInput>): Promise<void>
