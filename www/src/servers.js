/**
 * The available servers.
 *
 * The dev server tells at `/dev/config.json` and `/dev/flows`. On any other host these paths are missing, or answer with
 * some page; the page then asks for the address of Flowise.
 */

async function json(path) {
  try {
    const response = await fetch(path, { headers: { accept: 'application/json' } })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}

/** `{ servers, flows, chatflowId, apiKey }`; no servers: the person has to name one. */
export async function findServers() {
  const config = await json('/dev/config.json')
  if (!Array.isArray(config?.servers) || config.servers.length === 0) return { servers: [], flows: [] }
  // A real Flowise has flows of its own.
  const isReal = !config.servers.some((server) => server.generation)
  const flows = isReal ? [] : ((await json('/dev/flows')) ?? [])
  return { servers: config.servers, flows, chatflowId: config.chatflowId, apiKey: config.apiKey }
}

export const generationName = (generation) => `Flowise ${generation}`

/** What Engine.IO calls a transport, in words. */
export function transportName(transport) {
  if (transport === 'event-stream') return 'server-sent events'
  if (transport === 'websocket') return 'WebSocket'
  if (transport === 'polling') return 'long polling'
  return transport ?? ''
}

/** The generation of a server that has not told its own, by the transport that it accepted. */
export const generationOf = (transport) => (transport === 'event-stream' ? 'Flowise 2.1 or newer' : 'Flowise 2.0 or older')
