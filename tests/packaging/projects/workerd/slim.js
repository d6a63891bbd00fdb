// The host compiles no bytes: it makes the module itself, for all entries.

import * as flowise from 'flowise-stream/slim'
import wasm from 'flowise-stream/slim.wasm'

import { workerWith } from './worker.js'

await flowise.init(wasm)

export default workerWith(flowise)
