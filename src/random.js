/**
 * Returns a version 4 UUID (https://www.rfc-editor.org/rfc/rfc9562#section-5.4). `crypto.randomUUID` exists only in secure contexts,
 * and chat pages are also developed on plain HTTP. JavaScript, because the entries need ids before they load the WebAssembly.
 */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
