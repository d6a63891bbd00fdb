/** The replacements for missing TextEncoder and TextDecoder behave like the originals. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'

const native = { TextDecoder, TextEncoder }
const TEXTS = [
  '', 'plain', 'é ß', '猫です', '🦉 and 🦉', '\ud83d', '\udd89\ud83d', 'a\ud83d\udd89b\ud83dc', '\ud83d\ud83d\udd89', '100 %',
  // the first and the last character of each length
  '\0\x7f', '\x80\u07ff', '\u0800\uffff', '\u{10000}\u{10ffff}', 'Привет',
]

let own

before(async () => {
  Object.assign(globalThis, { TextDecoder: undefined, TextEncoder: undefined })
  own = await import('../pkg/text-codec.js')
  Object.assign(globalThis, native)
})

test('text becomes the same bytes, even with a lone surrogate', () => {
  for (const text of TEXTS) {
    const bytes = new native.TextEncoder().encode(text)
    assert.deepEqual(new own.TextEncoder().encode(text), bytes)
    const target = new Uint8Array(bytes.length)
    assert.deepEqual(new own.TextEncoder().encodeInto(text, target), { read: text.length, written: bytes.length })
    assert.deepEqual(target, bytes)
  }
})

test('bytes become the same text, even one byte at a time', () => {
  for (const text of TEXTS) {
    const bytes = new native.TextEncoder().encode(text)
    assert.equal(new own.TextDecoder().decode(bytes), new native.TextDecoder().decode(bytes))
    const wide = new Uint8Array(Buffer.from(text.toWellFormed?.() ?? text, 'utf16le'))
    assert.equal(new own.TextDecoder('utf-16le').decode(wide), new native.TextDecoder('utf-16le').decode(wide))
    const decoder = new own.TextDecoder()
    const pieces = Array.from(bytes, (byte) => decoder.decode([byte], { stream: true }))
    assert.equal(pieces.join(''), text.toWellFormed?.() ?? Buffer.from(text).toString())
  }
})
