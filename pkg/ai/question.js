/** The body of a prediction that asks what the last message of the person asks. */
export function bodyOf(messages, further) {
  const parts = messages.findLast(({ role }) => role === 'user')?.parts ?? []
  const question = parts.filter(({ type }) => type === 'text').map(({ text }) => text).join('')
  const uploads = parts.filter(({ type }) => type === 'file').map(uploadOf)
  return { question, ...(uploads.length > 0 && { uploads }), ...further }
}

function uploadOf({ url, mediaType, filename }) {
  const type = !url.startsWith('data:') ? 'url' : mediaType.startsWith('audio/') ? 'audio' : 'file'
  return { type, name: filename ?? 'file', mime: mediaType, data: url }
}
