/** The chosen server and chatflow, stored between visits. An address like `?generation=2.0&flow=tool` overrides it. */

import { useCallback, useState } from 'react'

import { remember, remembered } from './storage.js'

/** `own`: the server that the person entered, `{ url, chatflowId, apiKey, rememberKey }`. Without it, the page uses a server that it found. */
const NOTHING = { generation: undefined, flow: undefined, own: undefined }

function initial() {
  const address = new URLSearchParams(location.search)
  const known = { ...NOTHING, ...remembered('choice') }
  const asked = {}
  if (address.has('generation')) asked.generation = address.get('generation')
  if (address.has('flow')) asked.flow = address.get('flow')
  // Such an address replaces the server of the last visit.
  if (Object.keys(asked).length > 0) asked.own = undefined
  return { ...known, ...asked }
}

/** The choice, and a function that changes members of it. */
export function useChoice() {
  const [choice, setChoice] = useState(initial)
  const choose = useCallback((changes) => {
    setChoice((known) => {
      const next = { ...known, ...changes }
      const own = next.own && { ...next.own, apiKey: next.own.rememberKey ? next.own.apiKey : undefined }
      remember('choice', { ...next, own })
      return next
    })
  }, [])
  return [choice, choose]
}

/** `{ url, chatflowId, apiKey, transport, generation, flow }`; `null` when none is known. */
export function chosenServer(found, choice) {
  if (choice.own?.url) {
    const { url, chatflowId, apiKey } = choice.own
    return { url, chatflowId: chatflowId || undefined, apiKey, transport: 'auto', isOwn: true }
  }
  if (found.servers.length === 0) return null
  const server = found.servers.find(({ generation }) => generation === choice.generation) ?? found.servers[0]
  const flow =
    found.flows.find(({ id, generations }) => id === choice.flow && generations.includes(server.generation)) ??
    found.flows.find(({ id }) => id === found.chatflowId)
  return {
    url: server.url,
    transport: server.transport,
    generation: server.generation,
    chatflowId: flow?.id ?? found.chatflowId,
    apiKey: found.apiKey,
    flow,
  }
}
