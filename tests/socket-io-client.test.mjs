// `transport: 'socket.io'` behaves like socket.io-client in the cases of its own suite. Every case runs with both.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'

import { connect } from 'flowise-stream'

import { CONNECTIONS } from './socket-io/connections.mjs'
import { ADDRESSES, BINARY, LISTENERS } from './socket-io/listeners.mjs'
import { SOCKETS } from './socket-io/sockets.mjs'
import { startSocketIoServer } from './support/socket-io-server.mjs'

const { io } = createRequire(new URL('../pkg/package.json', import.meta.url))('socket.io-client')

const CLIENTS = {
  'socket.io-client': io,
  "transport: 'socket.io'": (url, options) => connect(url, { ...options, transport: 'socket.io' }),
}
const CASES = { connections: CONNECTIONS, sockets: SOCKETS, listeners: LISTENERS, binary: BINARY, addresses: ADDRESSES }

describe('what socket.io-client does', () => {
  let server, silent, hang, gone
  const held = new Set()

  before(async () => {
    server = await startSocketIoServer()
    // accepts connections and never responds
    silent = createServer((connection) => held.add(connection.on('error', () => {}))).listen(0, '127.0.0.1')
    // its port was free a moment ago
    const free = createServer().listen(0, '127.0.0.1')
    await Promise.all([once(silent, 'listening'), once(free, 'listening')])
    const address = (listener) => `http://127.0.0.1:${listener.address().port}`
    ;[hang, gone] = [address(silent), address(free)]
    free.close()
  })
  after(async () => {
    for (const connection of held) connection.destroy()
    silent?.close()
    await server?.stop()
  })

  for (const [name, client] of Object.entries(CLIENTS)) {
    for (const [about, cases] of Object.entries(CASES)) {
      describe(`${name}: ${about}`, () => {
        for (const [title, act, seen] of cases) {
          test(title, { timeout: 60_000 }, async (t) => {
            const sockets = []
            t.after(() => sockets.forEach((socket) => socket.io._close()))
            const made = (url, options) => {
              const socket = client(url, options)
              sockets.push(socket)
              return socket
            }
            const open = (address = '', options = {}) =>
              made(/^https?:/.test(address) ? address : `${server.url}${address}`, { forceNew: true, ...options })
            assert.deepEqual(await act({ open, io: made, hang, gone }), seen)
          })
        }
      })
    }
  }
})
