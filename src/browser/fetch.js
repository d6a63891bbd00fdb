// Makes requests from plain values.

import { FlowiseError } from './error.js'
import { valueOf } from './options.js'

const unsendable = (message, cause) => new FlowiseError(message, 'config', undefined, cause)

/**
 * The URL and the `init` of a request of a run, with the page's headers and key; a promise of them if one of these is a function that
 * promises. A redirect is not followed: it would carry them to another address.
 */
export function requestOf({ options, data, answer }, request, signal) {
  const { method, content, more, outlives } = request
  const url = request.namesMessage ? request.url + encodeURIComponent(answer.draft().chatMessageId) : request.url
  const headers = valueOf(options.headers)
  const apiKey = valueOf(options.apiKey)
  let body
  if (content === 'form') body = data
  else if (content !== 'nothing') body = json({ ...data, ...more })
  const finish = (headers, apiKey) => {
    const init = {
      method,
      headers: headersOf(headers, apiKey, typeof body === 'string'),
      body,
      keepalive: outlives,
      redirect: 'manual',
    }
    if (!outlives) init.signal = signal
    if (options.credentials) init.credentials = options.credentials
    return init
  }
  const isLater = [headers, apiKey].some((value) => typeof value?.then === 'function')
  if (!isLater && !options.onRequest) return [url, checked(url, finish(headers, apiKey))]
  const later = async () => {
    const init = finish(await headers, await apiKey)
    return [url, checked(url, (await options.onRequest?.(init, url)) ?? init)]
  }
  return later()
}

function json(data) {
  try {
    return JSON.stringify(data)
  } catch (cause) {
    throw unsendable('the data cannot be written as JSON', cause)
  }
}

function headersOf(given, apiKey, isJson) {
  try {
    const headers = new Headers(given)
    if (apiKey) headers.set('authorization', `Bearer ${apiKey}`)
    if (isJson) headers.set('content-type', 'application/json')
    return headers
  } catch (cause) {
    throw unsendable('no request can be made with these `headers` and this `apiKey`', cause)
  }
}

// `fetch` throws a TypeError for an invalid argument and also for a lost network. Only here can the two be distinguished.
function checked(url, init) {
  if (typeof Request !== 'function') return init
  try {
    new Request(url, { ...init, body: undefined })
    return init
  } catch (cause) {
    // a signal of another implementation, such as jsdom's: it ends the call, and the request continues unheard
    const { signal, ...rest } = init
    if (signal && isRequest(url, rest)) return rest
    throw unsendable('the browser cannot make a request with these options', cause)
  }
}

function isRequest(url, init) {
  try {
    return Boolean(new Request(url, { ...init, body: undefined }))
  } catch {
    return false
  }
}

/** Sends a request, and returns a response with a readable body. */
export async function responseOf(options, url, init) {
  return readable(await fetchOf(options)(url, init))
}

/** The response, or the promise of one, to a request that the page has made, with a readable body. */
export async function givenResponse(given) {
  const response = await given
  if (typeof response?.status !== 'number') throw unsendable('`fromResponse` takes the response of a `fetch`')
  if (response.bodyUsed || response.body?.locked) throw unsendable('the body of this response is already being read')
  return readable(response)
}

/** Releases an unread response. */
export async function discard(given) {
  try {
    await (await given).body?.cancel()
  } catch {
    // there is no body, or it was read
  }
}

function readable(response) {
  if (response.type !== 'opaqueredirect' && !response.body?.getReader && typeof response.text !== 'function') {
    throw new FlowiseError('the response of this `fetch` has neither a stream nor a text', 'unsupported')
  }
  return response
}

/** Whether any server answers, even if the page may not read the answer. */
export const isThere = async (options, url, signal) => {
  await fetchOf(options)(url, { mode: 'no-cors', signal })
  return { status: 200 }
}

/** Whether a server speaks Socket.IO. Ends its session at once. */
export async function handshake(options, url, signal) {
  const request = fetchOf(options)
  const init = { headers: await valueOf(options.headers), credentials: options.credentials }
  const response = await request(url, { ...init, signal })
  const text = await response.text()
  const sid = response.ok && /^0\{.*"sid":"([^"]+)"/.exec(text)?.[1]
  // the packet `close` (https://socket.io/docs/v4/engine-io-protocol/#protocol)
  if (sid) request(`${url}&sid=${encodeURIComponent(sid)}`, { ...init, method: 'POST', body: '1' }).catch(() => {})
  return Boolean(sid)
}

/** The page's `fetch`, or the browser's. It may be missing, as in Jest's jsdom. */
export function fetchOf(options) {
  const request = options.fetch ?? globalThis.fetch
  if (!request) throw new FlowiseError('`fetch` is missing here: pass one as the option `fetch`', 'unsupported')
  return request
}
