// WebAssembly's memory, and strings made from it.

// How many bytes of a large payload are decoded at once.
const LARGE_PIECE = 64 << 10
// Up to this length, building a string by hand is faster than a TextDecoder.
const SHORT = 24
// Above this length, a TextDecoder is faster for many short strings together, although each is then cut from its string.
const MANY = 96

let memory

// Views become invalid when the memory grows; then `words.length` is 0, and `view()` makes new ones.
export let bytes = new Uint8Array(0)
let units = new Uint16Array(0)
export let words = new Uint32Array(0)

/** WebAssembly calls this when it has loaded. */
export function attachMemory(itsMemory) {
  memory = itsMemory
  view()
}

export function view() {
  bytes = new Uint8Array(memory.buffer)
  units = new Uint16Array(memory.buffer)
  words = new Uint32Array(memory.buffer)
}

// Engines make a string of ASCII faster as Latin-1 than as UTF-8. Node without ICU has no decoder of that name.
const ascii = (() => {
  try {
    return new TextDecoder('latin1')
  } catch {
    return new TextDecoder()
  }
})()
// `ignoreBOM`: a byte order mark in the middle of a stream is a character.
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true })
const largeUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The string of ASCII at an address. */
export const asciiString = (at, length) =>
  length <= SHORT ? shortAscii(at, length) : ascii.decode(bytes.subarray(at, at + length))

/** The string of `length` units of UTF-16 at an address. */
export const wideString = (at, length) =>
  length <= SHORT ? shortWide(at >>> 1, length) : utf16.decode(bytes.subarray(at, at + 2 * length))

/** The string of `length` units of UTF-16 at an address, if it is better to cut from one string than to build each by hand. */
export const manyWide = (at, length) => (length > MANY ? wideString(at, length) : undefined)

/** The string from one unit to another: of `whole`, or else of the text at an address. */
export const wideSlice = (whole, at, start, end) => (whole === undefined ? wideString(at + 2 * start, end - start) : whole.slice(start, end))

/** The string of `length` bytes of UTF-8 at an address. A TextDecoder is several times slower with a long text at once. */
export function largeString(at, length) {
  let string = ''
  for (const end = at + length; at < end; at += LARGE_PIECE) {
    string += largeUtf8.decode(bytes.subarray(at, Math.min(at + LARGE_PIECE, end)), { stream: true })
  }
  return string + largeUtf8.decode()
}

// Each function does what is faster for its characters. Engines cache a string for each ASCII character, so appending one is cheap. For other
// characters they make a string each time, and one call with several characters takes half the time.
function shortAscii(at, length) {
  let string = ''
  for (const end = at + length; at < end; at++) string += String.fromCharCode(bytes[at])
  return string
}

function shortWide(at, length) {
  let string = ''
  for (; length >= 8; length -= 8, at += 8) {
    string += String.fromCharCode(units[at], units[at + 1], units[at + 2], units[at + 3], units[at + 4], units[at + 5], units[at + 6], units[at + 7])
  }
  switch (length) {
    case 7:
      return string + String.fromCharCode(units[at], units[at + 1], units[at + 2], units[at + 3], units[at + 4], units[at + 5], units[at + 6])
    case 6:
      return string + String.fromCharCode(units[at], units[at + 1], units[at + 2], units[at + 3], units[at + 4], units[at + 5])
    case 5:
      return string + String.fromCharCode(units[at], units[at + 1], units[at + 2], units[at + 3], units[at + 4])
    case 4:
      return string + String.fromCharCode(units[at], units[at + 1], units[at + 2], units[at + 3])
    case 3:
      return string + String.fromCharCode(units[at], units[at + 1], units[at + 2])
    case 2:
      return string + String.fromCharCode(units[at], units[at + 1])
    case 1:
      return string + String.fromCharCode(units[at])
  }
  return string
}
