// The data of single message parts: sources and files.

const STORED = 'FILE-STORAGE::'

/** Returns a source part with a URL, or a document part for a source without one. */
export function sourceOf({ pageContent, metadata = {} }, sourceId) {
  const { url, source, title, fileName, pdf } = metadata ?? {}
  const address = [url, source].find(isAddress)
  if (address) return { type: 'source-url', sourceId, url: address, ...(typeof title === 'string' && { title }) }
  const name = [title, pdf?.info?.Title, fileName, source].find((text) => typeof text === 'string' && text !== '')
  return { type: 'source-document', sourceId, mediaType: 'text/plain', title: name ?? String(pageContent ?? '').slice(0, 80) }
}

// Only addresses of pages: a model could also have written `javascript:`.
const isAddress = (text) => typeof text === 'string' && /^https?:\/\//i.test(text)

/** Returns whether an artifact can be shown as a file; other kinds are text. */
export const isPicture = ({ type, data }) => /^(png|jpe?g|gif|webp)$/.test(type) && typeof data === 'string'

/** Returns the URL of a file that an answer made; undefined if the server keeps it and its address is unknown. */
export function fileOf({ url, chatflowId }, chatId, data) {
  if (!data.startsWith(STORED)) return data
  if (!url) return undefined
  const [server, path = ''] = String(url).split('/api/v1')
  const id = chatflowId ?? /^\/(?:internal-)?prediction\/([^/?#]+)/.exec(path)?.[1] ?? ''
  const query = new URLSearchParams({ chatflowId: id, chatId, fileName: data.slice(STORED.length) })
  return `${server.replace(/\/$/, '')}/api/v1/get-upload-file?${query}`
}
