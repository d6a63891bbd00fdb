/**
 * The one list of what this crate uses of socket.io-client besides its documented API, and a check that it is there.
 *
 * A new release may rename such members without notice. Used unchecked, they would then be `undefined`, and connections would
 * hang or lose events without an error.
 */

/** The release that this list was tested with. */
const TESTED = '4.8.4'

// The files in `dist` of socket.io-client have other names for all that begins with `_`.

/** Members of a Manager that nothing has been done with but `disconnect()`, and their types. */
const MANAGER = {
  backoff: 'object',
  decoder: 'object',
  disconnect: 'function',
  encoder: 'object',
  nsps: 'object',
  skipReconnect: 'boolean',
}

/** Members of a new transport of engine.io-client. */
const TRANSPORT = {
  emitReserved: 'function',
  hasListeners: 'function',
  onClose: 'function',
  onError: 'function',
  onOpen: 'function',
  onPacket: 'function',
  opts: 'object',
  query: 'object',
  socket: 'object',
  writable: 'boolean',
}

/** Members of any of its objects that has a listener for `packet`. Where they are absent, a slower way is taken. */
const OPTIONAL = {
  _callbacks: { $packet: 'object' },
}

/** Members of an engine that has opened a transport. */
const ENGINE = {
  emitReserved: 'function',
  hasListeners: 'function',
  readyState: 'string',
  transport: 'object',
  transports: 'object',
}

const demand = (object, members, name) => {
  for (const [member, type] of Object.entries(members)) {
    if (typeof object?.[member] === type) continue
    throw new Error(`this release of socket.io-client has no \`${name}.${member}\`: install socket.io-client ${TESTED}`)
  }
}

/** Checks what is used of a Manager. It returns one that was never connected. */
export const checkManager = (Manager) => {
  const manager = new Manager({ autoConnect: false })
  // without this, not all members are there yet
  manager.disconnect?.()
  demand(manager, MANAGER, 'manager')
  demand(manager.backoff, { attempts: 'number' }, 'manager.backoff')
  return manager
}

/** Checks what is used of an engine. */
export const checkEngine = (engine) => demand(engine, ENGINE, 'engine')

/** Checks what is used of the parts that a transport and a parser are built on, and returns them. */
export const checkParts = (Manager, parts) => {
  const { Transport, Decoder } = parts
  checkManager(Manager)
  demand(parts, { Transport: 'function', Encoder: 'function', Decoder: 'function', transports: 'object' }, 'parts')
  const transport = new Transport({ query: {}, socket: {} })
  transport.on('packet', () => {})
  demand(transport, TRANSPORT, 'transport')
  for (const [member, members] of Object.entries(OPTIONAL)) {
    if (transport[member]) demand(transport[member], members, `transport.${member}`)
  }
  demand(new Decoder(), { add: 'function', emitReserved: 'function' }, 'decoder')
  return parts
}

/** The same parts from what socket.io-client exports, so that a page has one module to load. */
export const derivedParts = (Manager, polling, websocket, webtransport) => {
  const { encoder, decoder } = checkManager(Manager)
  return checkParts(Manager, {
    Transport: webtransport && Object.getPrototypeOf(webtransport),
    transports: { polling, websocket, webtransport },
    Encoder: encoder.constructor,
    Decoder: decoder.constructor,
  })
}
