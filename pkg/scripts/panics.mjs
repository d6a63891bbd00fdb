// Removes panic messages from a module in WebAssembly's text format with names.
//
// Nobody would see such a message: on wasm32-unknown-unknown the standard library cannot print it, and the crate sets no hook.
// A panic still ends in a trap. Errors that the crate throws into JavaScript are not panics, and stay.

const NAME = String.raw`(\$"(?:[^"\\]|\\.)*"|\$[^\s)]+)`
const FUNCTION = new RegExp(String.raw`^ \(func ${NAME}.*(?:\n {2}.*)*\n \)$`, 'gm')
const CALL = new RegExp(String.raw`\(call ${NAME}(?:\s+\(i32\.const (\d+)\)\s+\(i32\.const (\d+)\))?`, 'g')

// The functions to which every panic leads, and every failed allocation.
const PANIC = /\b(core(\[\w+\])?::panicking::panic_fmt|alloc(\[\w+\])?::alloc::handle_alloc_error)"?$/
const PANIC_FMT = /::panic_fmt"?$/
const FORMATTER = /\bcore(\[\w+\])?::fmt::(Formatter\b|(Debug|Display)>::fmt"?$)/
const WRITER = /\bas core(\[\w+\])?::fmt::Write>::/

/** Returns the module's text without panic messages. No address changes. */
export function withoutPanicMessages(text) {
  const functions = new Map([...text.matchAll(FUNCTION)].map(([body, name]) => [name, body]))
  const bare = panicking(functions)
  const messages = messagesOf(text, bare)
  return text
    .replace(FUNCTION, (body, name) => (bare.has(name) ? `${body.slice(0, body.indexOf('\n'))}\n  (unreachable)\n )` : body))
    .replace(/^( \(data \$\.rodata \(i32\.const (\d+)\) )"(.*)"\)$/m, (_, head, start, escaped) => {
      const bytes = unescape(escaped)
      blank(bytes, Number(start), messages)
      return `${head}"${[...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}")`
    })
}

/** The functions that only panic, or that only such functions call. */
function panicking(functions) {
  const names = [...functions.keys()]
  const found = new Set(names.filter((name) => PANIC.test(name)))
  if (found.size === 0) throw new Error('no function of this module panics: does it have names?')

  // A function belongs here if it ends in a trap and calls only functions that are known to end so.
  const traps = (body) =>
    body.endsWith('\n  (unreachable)\n )') &&
    !/\((return|loop|\w*call_indirect)\b/.test(body) &&
    [...body.matchAll(CALL)].every(([, called]) => found.has(called))
  let known
  do {
    known = found.size
    for (const [name, body] of functions) if (traps(body)) found.add(name)
  } while (found.size > known)

  // Without a panic message nothing is formatted, so these functions are only in the table that messages refer to.
  if (!names.some((name) => WRITER.test(name))) for (const name of names) if (FORMATTER.test(name)) found.add(name)
  return found
}

/** The address and length of each text that is only a message. */
function messagesOf(text, bare) {
  const uses = new Map()
  for (const [, address] of text.matchAll(/\(i32\.const (\d+)\)/g)) uses.set(address, (uses.get(address) ?? 0) + 1)
  const messages = new Map()
  for (const [, called, address, length] of text.matchAll(CALL)) {
    if (!bare.has(called) || address === undefined) continue
    uses.set(address, uses.get(address) - 1)
    // A `fmt::Arguments` of a single text stores twice its length plus one.
    messages.set(address, PANIC_FMT.test(called) ? length >> 1 : Number(length))
  }
  return new Map([...messages].filter(([address]) => uses.get(address) === 0).map(([address, length]) => [Number(address), length]))
}

/**
 * Overwrites messages with zeros, and each `core::panic::Location` (address and length of a path, line, column) with its
 * path.
 */
function blank(bytes, start, messages) {
  const ranges = []
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const address = bytes.readUInt32LE(at)
    messages.delete(address)
    const from = address - start
    if (from < 0 || at + 16 > bytes.length) continue
    const path = bytes.subarray(from, from + bytes.readUInt32LE(at + 4)).toString('latin1')
    if (/^[\w./-]+\.rs$/.test(path)) ranges.push([at, at + 16], [from, from + path.length])
  }
  for (const [address, length] of messages) {
    const from = address - start
    const message = bytes.subarray(from, from + length)
    if (from >= 0 && message.length === length && message.every((byte) => byte >= 0x20 && byte < 0x7f)) ranges.push([from, from + length])
  }
  for (const range of ranges) bytes.fill(0, ...range)
}

function unescape(text) {
  const plain = { t: '\t', n: '\n', r: '\r' }
  return Buffer.from(
    text.replace(/\\([0-9a-f]{2}|.)/g, (_, code) => (code.length === 2 ? String.fromCharCode(parseInt(code, 16)) : (plain[code] ?? code))),
    'latin1',
  )
}
