// `fetch`, from plain values.

import { FlowiseError } from './error.js'

/**
 * Sends a request with the page's headers and key. A redirect is not followed: it would carry them to another address.
 * Without a signal the request outlives the page.
 *
 * Throws a TypeError for headers that cannot be sent, and a FlowiseError where there is no `fetch`: in Jest's jsdom.
 */
export function send(options, url, method, body, signal) {
  const headers = new Headers(options.headers)
  if (options.apiKey) headers.set('authorization', `Bearer ${options.apiKey}`)
  if (typeof body === 'string') headers.set('content-type', 'application/json')
  return Promise.resolve(fetchOf(options)(url, { method, headers, body, signal, keepalive: !signal, redirect: 'manual' }))
}

/** Whether anything answers at all, even if the page may not read what. */
export const knock = async (options, url, signal) => fetchOf(options)(url, { mode: 'no-cors', signal })

function fetchOf(options) {
  const request = options.fetch ?? globalThis.fetch
  if (!request) throw new FlowiseError('there is no `fetch` here: give one as the option `fetch`', 'unsupported')
  return request
}

/** An address as socket.io-client takes it: nothing, `//host`, `host:3000` and `ws://host` have a meaning on a page. */
export function absolute(url) {
  // a page from a file has no server
  const page = globalThis.location?.href?.startsWith('http') ? location.href : undefined
  const text = String(url ?? (page && location.origin)).trim()
  try {
    return new URL(/^\/|:\/\//.test(text) ? text : `//${text}`, page).href.replace(/^ws/, 'http')
  } catch {
    return ''
  }
}
