const SAFE = new Set(['http:', 'https:', 'mailto:'])

/** The URL if it is one to the web or to a mail program, as the browser reads it; otherwise `undefined`. */
export function safeUrl(href) {
  try {
    const url = new URL(href)
    return SAFE.has(url.protocol) ? url.href : undefined
  } catch {
    // Also a relative one: nothing on this page's server is a model's to link to.
    return undefined
  }
}
