// What wasm cannot write: classes that extend those of socket.io-client, and a method on its sockets.

// No answer of a server may look like one of these to the page (socket.io-parser's RESERVED_EVENTS).
const RESERVED = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'])

// Nothing is sent while no query runs, so there are no pings to wait for. setTimeout takes no more than 2^31 - 1 ms.
const NEVER = 0x3fffffff

// How many reconnections ago a page may have read the id that it still uses.
const MOST_IDS = 8

// Whether a page listens to what an engine emits for a message besides `data`, which is for the Manager. Asked once a token:
// a look at where the emitter keeps its listeners costs nothing, while `hasListeners` makes a string and an array each time.
const WATCHED = ['packet', 'heartbeat', 'message']
const isWatched = (engine) => {
  const listeners = engine._callbacks
  if (!listeners) return WATCHED.some((event) => engine.hasListeners(event))
  return '$packet' in listeners || '$heartbeat' in listeners || '$message' in listeners
}

/**
 * The Engine.IO transport for servers that stream server-sent events: a query makes the request, and its events come in here.
 * `open(transport)` finds out whether a server is there and calls `accept` or `refuse`.
 */
export const eventStreamTransport = (Transport, open) =>
  class EventStreamTransport extends Transport {
    get name() {
      return 'event-stream'
    }

    doOpen() {
      open(this)
    }

    doClose() {}

    accept(sid) {
      if (this.readyState !== 'opening') return
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

    // Answers CONNECT packets; there is nobody to send anything else to.
    write(packets) {
      this.writable = false
      Promise.resolve().then(() => {
        for (const { type, data } of packets) {
          const connect = type === 'message' && typeof data === 'string' && /^0(\/[^,]*,)?/.exec(data)
          if (connect) this.onPacket({ type: 'message', data: `${connect[0]}{"sid":"${this.sid}"}` })
        }
        this.writable = true
        this.emitReserved('drain')
      })
    }

    deliver(nsp, event, data, extra) {
      if (RESERVED.has(event)) return
      const args = extra ? [event, data, extra] : data === undefined ? [event] : [event, data]
      const packet = { type: 2, nsp, data: args }
      const engine = this.socket
      // the engine's own way costs as much as all the rest
      if (engine.readyState !== 'open' || isWatched(engine)) this.onPacket({ type: 'message', data: packet })
      else engine.emitReserved('data', packet)
    }
  }

/** A parser that passes ready packets through, and notes the ids that the server gives to sockets. */
export const packetParser = (base, ids) => ({
  Encoder: base.Encoder,
  Decoder: class extends base.Decoder {
    add(packet) {
      if (packet.nsp) return this.emitReserved('decoded', packet)
      // a CONNECT packet: 0{"sid":"…"} or 0/namespace,{"sid":"…"}
      if (typeof packet === 'string' && packet.charCodeAt(0) === 48) {
        const sid = /"sid":"([^"]+)"/.exec(packet)
        if (sid) ids.add(sid[1])
        if (ids.size > MOST_IDS) ids.delete(ids.values().next().value)
      }
      super.add(packet)
    }
  },
})

/** Gives a socket its `query` method. */
export const addQuery = (socket, query) =>
  Object.defineProperty(socket, 'query', {
    configurable: true,
    writable: true,
    value: (data, options) => query(socket, data, options),
  })
