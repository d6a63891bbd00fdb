// How the cases look at sockets.


/** The arguments with which an event comes next. */
export const next = (emitter, event) => new Promise((resolve) => emitter.once(event, (...args) => resolve(args)))

/** Waits until all these sockets are connected. */
export const all = (...sockets) => Promise.all(sockets.map((socket) => socket.connected || next(socket, 'connect')))

/** What the server acknowledges an event with. */
export const ack = (socket, event, ...args) => new Promise((resolve) => socket.emit(event, ...args, resolve))

/** Notes these events, as `[event, ...arguments]`. */
export function record(emitter, ...events) {
  const seen = []
  for (const event of events) emitter.on(event, (...args) => seen.push([event, ...args]))
  return seen
}

/** The packets of Socket.IO that are sent from now on. */
export function packets(socket) {
  const sent = []
  // those of the engine alone, such as a ping's answer, have no data
  socket.io.engine.on('packetCreate', ({ data }) => data !== undefined && sent.push(data))
  return sent
}

/** Lets the server answer another client: what another was to do at once is done by then. */
export async function fence(open) {
  const socket = open('', { transports: ['websocket'] })
  for (let times = 0; times < 3; times++) await ack(socket, 'back', times)
}

/** An error, as what it says. */
export const said = (error) => (error instanceof Error ? error.message : error)

