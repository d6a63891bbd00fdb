// TextDecoder and TextEncoder for WebAssembly's strings, also in environments without them, such as Jest's jsdom.

export const TextDecoder =
  globalThis.TextDecoder ??
  // WebAssembly passes only valid UTF-8.
  class {
    #isWide
    #rest = []

    constructor(label) {
      this.#isWide = label === 'utf-16le'
    }

    decode(bytes = [], { stream = false } = {}) {
      // two bytes are a unit, and none is ever cut
      if (this.#isWide) return Array.from(new Uint16Array(Uint8Array.from(bytes).buffer), (unit) => String.fromCharCode(unit)).join('')
      const all = [...this.#rest, ...bytes]
      let text = ''
      let at = 0
      while (at < all.length) {
        const first = all[at]
        const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        if (at + length > all.length) break
        let code = length === 1 ? first : first & (0xff >> (length + 1))
        for (let next = 1; next < length; next++) code = (code << 6) | (all[at + next] & 0x3f)
        text += String.fromCodePoint(code)
        at += length
      }
      this.#rest = stream ? all.slice(at) : []
      return text
    }
  }

export const TextEncoder =
  globalThis.TextEncoder ??
  class {
    encode(text = '') {
      // U+FFFD in place of half a surrogate pair, without that character in a literal
      const escaped = text.split(/\p{Surrogate}/u).map(encodeURIComponent).join('%EF%BF%BD')
      const bytes = escaped.replace(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
      return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))
    }

    encodeInto(text, target) {
      const bytes = this.encode(text)
      target.set(bytes)
      return { read: text.length, written: bytes.length }
    }
  }
