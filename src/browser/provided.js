// socket.io-client. An entry that hands out sockets brings it along; the others fetch it when a server of the old generation answers.

import { checkParts } from '../socket_io/internals.js'

let parts
let isChecked = false
let load

/** Takes socket.io-client and what it is made of. */
export const provide = (client) => {
  parts = client
}

/** Takes a function that promises them. */
export const provideLater = (loader) => {
  load = loader
}

/** Waits until they are there. */
export const provided = async () => {
  if (!parts) provide(await load())
}

/** Throws an `Error` if this release of socket.io-client lacks what is used of it besides its documented API. */
export function io(url, options) {
  if (!isChecked) checkParts(parts.Manager, parts)
  isChecked = true
  return parts.io(url, options)
}

/** One of `Transport`, `transports`, `Fetch`, `XHR`, `Encoder` and `Decoder`. */
export const part = (name) => parts[name]
