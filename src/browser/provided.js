// socket.io-client. An entry that returns sockets imports it; the others load it when a server of the old generation answers.

import { checkParts } from '../socket_io/internals.js'

let parts
let isChecked = false
let load

/** Takes socket.io-client and its parts. */
export const provide = (client) => {
  parts = client
}

/** Takes a function that returns a promise of them. */
export const provideLater = (loader) => {
  load = loader
}

/** Waits until they have loaded. */
export const provided = async () => {
  if (!parts) provide(await load())
}

/** Throws an `Error` if this release of socket.io-client lacks the undocumented members that this package uses. */
export function io(url, options) {
  if (!isChecked) checkParts(parts.Manager, parts)
  isChecked = true
  return parts.io(url, options)
}

/** One of `Transport`, `transports`, `Fetch`, `XHR`, `Encoder` and `Decoder`. */
export const part = (name) => parts[name]
