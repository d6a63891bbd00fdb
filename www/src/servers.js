/**
 * The available servers.
 *
 * The dev server lists them at `/dev/config.json` and `/dev/flows`. On any other host these paths are missing, or return
 * some page; the demo then asks the person for the address of Flowise.
 */

async function json(path) {
  try {
    const response = await fetch(path, { headers: { accept: 'application/json' } })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}

/** Returns `{ servers, flows, chatflowId, apiKey }`. If `servers` is empty, the person has to enter one. */
export async function findServers() {
  const config = await json('/dev/config.json')
  if (!Array.isArray(config?.servers) || config.servers.length === 0) return { servers: [], flows: [] }
  // A real Flowise has its own flows, which the dev server does not list.
  const isReal = !config.servers.some((server) => server.generation)
  const flows = isReal ? [] : ((await json('/dev/flows')) ?? [])
  return { servers: config.servers, flows, chatflowId: config.chatflowId, apiKey: config.apiKey }
}

export const generationName = (generation) => `Flowise ${generation}`

/** Engine.IO’s transport names in plain words. */
export function transportName(transport) {
  if (transport === 'event-stream') return 'server-sent events'
  if (transport === 'websocket') return 'WebSocket'
  if (transport === 'polling') return 'long polling'
  return transport ?? ''
}

/** Infers the generation of a server from the transport that it accepted. */
export const generationOf = (transport) => (transport === 'event-stream' ? 'Flowise 2.1 or newer' : 'Flowise 2.0 or older')
