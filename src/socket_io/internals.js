/**
 * Lists all undocumented members of socket.io-client that this crate uses, and checks that they exist.
 *
 * A new release may rename such members without notice. Used unchecked, they would then be `undefined`, and connections would
 * hang or lose events without an error.
 */

/** The release that this list was tested with. */
const TESTED = '4.8.4'

// The files in `dist` of socket.io-client rename all members that begin with `_`.

/** Members of a Manager on which only `disconnect()` was called, and their types. */
const MANAGER = {
  backoff: 'object',
  decoder: 'object',
  disconnect: 'function',
  emitReserved: 'function',
  encoder: 'object',
  nsps: 'object',
  skipReconnect: 'boolean',
}

/** Members of a new transport of engine.io-client. */
const TRANSPORT = {
  emitReserved: 'function',
  onClose: 'function',
  onError: 'function',
  onOpen: 'function',
  onPacket: 'function',
  opts: 'object',
  query: 'object',
  socket: 'object',
  writable: 'boolean',
}

/** Members of those of its objects that have a listener for `packet`. Without them, a slower path is used. */
const OPTIONAL = {
  _callbacks: { $packet: 'object' },
}

/** Members of an engine that has opened a transport. */
const ENGINE = {
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

/** Checks the used members of a Manager. Returns one that was never connected. */
export const checkManager = (Manager) => {
  const manager = new Manager({ autoConnect: false })
  // without this, some members do not exist yet
  manager.disconnect?.()
  demand(manager, MANAGER, 'manager')
  demand(manager.backoff, { attempts: 'number' }, 'manager.backoff')
  return manager
}

/** Checks the used members of an engine. */
export const checkEngine = (engine) => demand(engine, ENGINE, 'engine')

/** Checks the parts that a transport and a parser are built on, and returns them. */
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

/** The same parts from the exports of socket.io-client, so that a page has to load only one module. */
export const derivedParts = (Manager, polling, websocket, webtransport) => {
  const { encoder, decoder } = checkManager(Manager)
  return checkParts(Manager, {
    Transport: webtransport && Object.getPrototypeOf(webtransport),
    transports: { polling, websocket, webtransport },
    Encoder: encoder.constructor,
    Decoder: decoder.constructor,
  })
}
