// The main entry: the WebAssembly and socket.io-client are in the script.

import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { provide } from '#snippet/provided.js'
import { createApi } from './api.js'
import { load } from './load.js'
import * as socketIo from './socket-io.js'

const api = /* @__PURE__ */ createApi(() => {
  provide(socketIo)
  load()
})

export const connect = api.connect
export const query = api.query
export const stream = api.stream
export const fromResponse = api.fromResponse
export const Flowise = api.Flowise
export const EventStreamDecoder = api.EventStreamDecoder
export { FlowiseError, isFlowiseError }
export default connect
