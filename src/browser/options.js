// Reads the options of a page.

const isPlain = (value) => Object.prototype.toString.call(value) === '[object Object]'

/** The options of a call merged into those of its object, one level deep: headers and limits are merged one by one. */
export function merge(base, more) {
  const merged = { ...base }
  for (const [key, value] of Object.entries(more ?? {})) if (value !== undefined) merged[key] = value
  if (base?.timeouts && more?.timeouts) merged.timeouts = { ...base.timeouts, ...more.timeouts }
  if (base?.headers && more?.headers) merged.headers = joined(base.headers, more.headers)
  return merged
}

/**
 * Headers under one spelling of their names: `fetch` would join the values of two. A function that resolves with them, if one of the
 * arguments is a function: it is called for each request.
 */
export function joined(base, more) {
  const join = (base, more) => {
    const headers = new Headers(base)
    new Headers(more).forEach((value, name) => headers.set(name, value))
    return Object.fromEntries(headers)
  }
  if (typeof base !== 'function' && typeof more !== 'function') return join(base, more)
  return async () => join(await valueOf(base), await valueOf(more))
}

/** An option that may be a function. It may return a promise, which the caller awaits. */
export const valueOf = (option) => (typeof option === 'function' ? option() : option)

/** The body of a question, without the options of this package; `undefined` if the data is not an object. */
export function bodyOf(data) {
  if (!isPlain(data)) return undefined
  const { socketIOClientId, streaming, ...body } = data
  return body
}

/** Whether it is an `AbortSignal`, of this realm or another, or of another implementation. */
export const isSignal = (signal) => typeof signal.aborted === 'boolean' && typeof signal.addEventListener === 'function'

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

/** The page's origin. */
export const pageOrigin = () => globalThis.location?.origin
