/** What the decoder makes of an answer of which only the bytes are there. */
export function decode(Decoder, text) {
  let decoded = ''
  const decoder = new Decoder((event, data) => (decoded += data))
  const bytes = new TextEncoder().encode(`message:\ndata:${JSON.stringify({ event: 'token', data: text })}\n\n`)
  for (let at = 0; at < bytes.length; at += 7) decoder.push(bytes.subarray(at, at + 7))
  decoder.finish()
  decoder.free()
  return decoded
}
