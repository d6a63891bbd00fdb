const SAFE = new Set(['http:', 'https:', 'mailto:'])

/** The normalized URL of a web page or a mail address; `undefined` for any other. */
export function safeUrl(href) {
  try {
    const url = new URL(href)
    return SAFE.has(url.protocol) ? url.href : undefined
  } catch {
    // This includes relative URLs: a model has no reason to link to this page's own server.
    return undefined
  }
}
