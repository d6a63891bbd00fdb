// Shared by the entries without sockets: they fetch socket.io-client only when a server of the old generation answers.

import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { provideLater } from '#snippet/provided.js'
import { createApi } from './api.js'
import { load } from './load.js'

const socketIo = () => import('./socket-io.js')

const api = /* @__PURE__ */ createApi(() => {
  provideLater(socketIo)
  load()
})

export const Flowise = api.Flowise
export { FlowiseError, isFlowiseError }

// For the entries that build on this one.
export { useModule } from './load.js'
export { fetchOf, requestOf } from '#snippet/fetch.js'
export { joined, valueOf } from '#snippet/options.js'
export { uuid } from '#snippet/random.js'
export { guarded } from '#snippet/report.js'
