// What Rust cannot express: classes that extend those of socket.io-client, and a method on its sockets.

import { checkEngine } from '../socket_io/internals.js'
import { bound, report } from './report.js'

// No server event may reach the page under one of these names (socket.io-parser's RESERVED_EVENTS).
const RESERVED = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'])

// The server sends nothing while no query runs, so there are no pings to wait for. setTimeout takes no more than 2^31 - 1 ms.
const NEVER = 0x3fffffff

// How many earlier ids of a socket stay valid: a page may still use one from before a reconnection.
const MOST_IDS = 8

// Whether a page listens to an event that an engine emits for a message; the Manager has the one listener for `data`. Runs once per token:
// reading the emitter's list of listeners costs nothing, while `hasListeners` allocates a string and an array each time.
const isWatched = (engine) => {
  const listeners = engine._callbacks
  if (!listeners) return true
  return '$packet' in listeners || '$heartbeat' in listeners || '$message' in listeners || listeners.$data?.length > 1
}

const NAME = 'event-stream'

/** Whether a socket's events come from an event stream. */
export const isEventStream = (socket) => socket.io.engine?.transport.name === NAME

let wasm

/** WebAssembly calls this when it has loaded. */
export const attach = (exports) => {
  wasm = exports
}

/**
 * The Engine.IO transport for servers that stream server-sent events: a query makes the request, and its events arrive here.
 * WebAssembly checks whether a server answers, and calls `accept` or `refuse`.
 */
export const eventStreamTransport = (Transport) =>
  class EventStreamTransport extends Transport {
    get name() {
      return NAME
    }

    doOpen() {
      wasm.probe(this)
    }

    doClose() {}

    accept(sid) {
      if (this.readyState !== 'opening') return
      checkEngine(this.socket)
      this.sid = sid
      this.onOpen()
      this.onPacket({
        type: 'open',
        data: JSON.stringify({ sid, upgrades: [], pingInterval: NEVER, pingTimeout: NEVER, maxPayload: NEVER }),
      })
    }

    refuse(error) {
      if (this.readyState !== 'opening') return
      // a further transport would fail the same way, with a less helpful error
      this.socket.transports = [this.name]
      this.onError(error.message, error)
    }

    // Answers CONNECT packets; no server receives anything else.
    write(packets) {
      this.writable = false
      // the engine empties its buffer in place, and may already have filled it again
      const sent = [...packets]
      Promise.resolve().then(() => {
        for (const { type, data } of sent) {
          const connect = type === 'message' && typeof data === 'string' && /^0(\/[^,]*,)?/.exec(data)
          if (connect) this.onPacket({ type: 'message', data: `${connect[0]}{"sid":"${this.sid}"}` })
        }
        this.writable = true
        this.emitReserved('drain')
      })
    }
  }

/** Passes the events of a server-sent stream to the listeners of a socket. Events wait while it is not connected. */
export function socketAudience(socket) {
  const { enter } = recordOf(socket)
  const late = []
  // An engine passes messages on in a later microtask. Once an event went that way, the others follow, or they would overtake it.
  let isWhole = false
  // Passes an event to the socket, as the packet of the wire: through its engine, or only from its Manager on.
  const deliver = (args) => {
    const manager = socket.io
    const { engine } = manager
    isWhole ||= engine.readyState !== 'open' || isWatched(engine)
    const packet = { type: 2, nsp: socket.nsp, data: args }
    try {
      if (isWhole) engine.transport.onPacket({ type: 'message', data: packet })
      else manager.emitReserved('packet', packet)
    } catch (error) {
      report(error)
    }
  }
  const flush = () => {
    for (const args of late.splice(0)) deliver(args)
  }
  const emit = (event, data, extra) => {
    if (RESERVED.has(event)) return
    const args = extra ? [event, data, extra] : data === undefined ? [event] : [event, data]
    if (socket.connected && late.length === 0) return deliver(args)
    if (late.length === 0) socket.once('connect', flush)
    late.push(args)
  }
  return {
    wants: (event) => socket.hasListeners(event) || socket.listenersAny().length > 0,
    emit: enter ? (...args) => enter(() => emit(...args)) : emit,
    /** Drops the waiting events. */
    drop() {
      socket.off('connect', flush)
      late.length = 0
    },
    // an engine's microtask is a tick in Node, and that runs after promises; bundlers see no `process` here
    settled() {
      const nextTick = isWhole && globalThis.process?.nextTick
      return nextTick && new Promise((resolve) => nextTick(resolve))
    },
  }
}

/** A parser that passes ready packets through, and records the ids that the server assigns to sockets. */
export function packetParser(base) {
  const ids = new Map()
  return {
    ids,
    Encoder: base.Encoder,
    Decoder: class extends base.Decoder {
      add(packet) {
        if (packet.nsp) return this.emitReserved('decoded', packet)
        // a CONNECT packet: 0{"sid":"…"} or 0/namespace,{"sid":"…"}
        const connect = typeof packet === 'string' && packet.charCodeAt(0) === 48 && /^0(\/[^,]*)?,?.*"sid":"([^"]+)"/.exec(packet)
        if (connect) ids.set(connect[2], connect[1] ?? '/')
        if (ids.size > MOST_IDS) ids.delete(ids.keys().next().value)
        super.add(packet)
      }
    },
  }
}

const records = new WeakMap()
// Weak, so that a page can drop a socket without telling this package.
let sockets = []
let count = 0

/** Registers a socket that was made with these options, and adds its `query` method. */
export function register(socket, options) {
  // listeners run in the context of the page's `connect` call, as with a connection of socket.io-client
  const enter = globalThis.Zone || globalThis.AsyncContext ? bound((call) => call()) : undefined
  records.set(socket, { number: count++, options, enter })
  sockets = sockets.filter((known) => known.deref())
  sockets.push(new WeakRef(socket))
  Object.defineProperty(socket, 'query', {
    configurable: true,
    writable: true,
    value: (data, options) => wasm.query_on(socket, data, options),
  })
}

/** Other data of a socket: its options, and what the machine has learned. */
export const recordOf = (socket) => records.get(socket) ?? {}

/** The page's sockets. */
export const living = () => sockets.flatMap((known) => known.deref() ?? [])

/** Whether a socket has this id, or had it before it reconnected. */
export const hasId = (socket, id) => socket.id === id || socket.io.opts.parser?.ids?.get(id) === socket.nsp
