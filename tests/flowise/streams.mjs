/**
 * Questions to a real Flowise in plain Node, with nothing of the library under test: what a server streams is known apart from what the
 * library makes of it.
 */

const SEPARATOR = '\x1e' // between the packets of one Engine.IO payload

/**
 * Asks without streaming.
 *
 * @param {{ url: string }} server
 * @param {string} id of a flow
 * @param {object} body
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ status: number, body: any }>} `body` is text where it is no JSON
 */
export async function predict(server, id, body, headers = {}) {
  const response = await post(server, id, body, headers)
  return { status: response.status, body: parsed(await response.text()) }
}

/**
 * Asks for server-sent events and reads them to their end.
 *
 * @returns {Promise<{ status: number, events: Array<[name: string, data?: any]>, body: any }>} `body` is what came instead of events
 */
export async function predictOverSse(server, id, body, headers = {}) {
  const response = await post(server, id, { ...body, streaming: true }, headers)
  const text = await response.text()
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream')
  if (!streamed) return { status: response.status, events: [], body: parsed(text) }
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => JSON.parse(line.slice('data:'.length)))
    .map(({ event, data }) => [event, data])
  return { status: response.status, events, body: null }
}

/**
 * Asks over Socket.IO and reads the events that come up to the reply, or with it.
 *
 * @returns {Promise<{ status: number, events: Array<[name: string, ...data: any]>, body: any }>} `body` is the reply
 */
export async function predictOverSocketIo(server, id, body, headers = {}) {
  const polling = `${server.url}/socket.io/?EIO=4&transport=polling`
  const [{ sid }] = (await poll(polling)).filter(([type]) => type === '0').map(([, json]) => JSON.parse(json))
  const session = `${polling}&sid=${sid}`
  await fetch(session, { method: 'POST', body: '40' })
  const events = []
  let socketId = null
  const read = async () => {
    for (const [type, rest] of await poll(session)) {
      if (type === '2') await fetch(session, { method: 'POST', body: '3' })
      if (type !== '4') continue
      if (rest.startsWith('0')) socketId = JSON.parse(rest.slice(1)).sid
      if (rest.startsWith('2')) events.push(JSON.parse(rest.slice(1)))
    }
  }
  while (!socketId) await read()

  let open = true
  const reading = (async () => {
    while (open) await read()
  })()
  const reply = await predict(server, id, { ...body, socketIOClientId: socketId }, headers)
  // The server answers a disconnect by ending the poll that waits, after all events that it holds.
  open = false
  await fetch(session, { method: 'POST', body: '1' })
  await reading
  return { ...reply, events }
}

async function poll(address) {
  const text = await (await fetch(address)).text()
  return text.split(SEPARATOR).map((packet) => [packet.slice(0, 1), packet.slice(1)])
}

function post(server, id, body, headers) {
  return fetch(`${server.url}/api/v1/prediction/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body)
  })
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
