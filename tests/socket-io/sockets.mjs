// What a socket of socket.io-client does: after the lists of its own suite's `socket.ts` and `retry.ts`. See `connections.mjs`.

import { ack, fence, next, packets, record, said } from './watch.mjs'

const soon = { reconnectionDelay: 1, reconnectionDelayMax: 2 }

/** A connected socket. */
const connected = async (open, ...args) => {
  const socket = open(...args)
  await next(socket, 'connect')
  return socket
}

const acknowledged = (promise) => promise.then((value) => ({ value }), (error) => ({ error: error.message }))

/** The query and the `auth` that a server sees. */
const handshake = async (socket) => {
  const [{ query, auth }] = await next(socket, 'handshake')
  const own = [...new URLSearchParams(query)].filter(([name]) => !['EIO', 'transport', 't', 'sid', 'b64'].includes(name))
  return { query: Object.fromEntries(own), auth }
}

export const SOCKETS = [
  ['its id is the one that the server knows', async ({ open }) => {
    const socket = open()
    return (await ack(socket, 'id')) === socket.id
  }, true],
  ['so in a namespace', async ({ open }) => {
    const socket = open('/one')
    return (await ack(socket, 'id')) === socket.id
  }, true],
  ['it has no id before and after', async ({ open }) => {
    const socket = open()
    const before = socket.id
    await next(socket, 'connect')
    socket.disconnect()
    return [before, socket.id]
  }, [undefined, undefined]],
  ['it has another id after a loss', async ({ open }) => {
    const socket = await connected(open, '', soon)
    const { id } = socket
    const between = next(socket.io, 'reconnect_attempt').then(() => socket.id)
    socket.io.engine.close()
    await next(socket.io, 'reconnect')
    return [await between, socket.id === id]
  }, [undefined, false]],
  ['`disconnect` before the connection is no error', async ({ open }) => {
    const socket = open('', { timeout: 100 })
    const seen = [record(socket.io, 'error'), record(socket, 'connect_error', 'disconnect')]
    socket.disconnect()
    await fence(open)
    return [seen, socket.active]
  }, [[[], []], false]],
  ['`connect_error` when nobody is there', async ({ open, gone }) => {
    const [error] = await next(open(`${gone}/`, { transports: ['polling'] }), 'connect_error')
    return [error instanceof Error, error.message]
  }, [true, 'xhr poll error']],
  ...['polling', 'websocket'].map((transport) => [
    `\`connect_error\` when nobody answers in time (${transport})`,
    async ({ open, hang }) => said((await next(open(`${hang}/`, { transports: [transport], timeout: 0 }), 'connect_error'))[0]),
    'timeout',
  ]),
  ['a loss is no `connect_error`', async ({ open }) => {
    const socket = await connected(open, '', soon)
    const seen = record(socket, 'connect_error')
    socket.io.engine.close()
    await next(socket.io, 'reconnect')
    return seen
  }, []],
  ['what is sent is compressed', async ({ open }) => {
    const socket = await connected(open)
    const packet = next(socket.io.engine, 'packetCreate')
    socket.emit('echo', 1)
    return (await packet)[0].options.compress
  }, true],
  ['unless `compress(false)`', async ({ open }) => {
    const socket = await connected(open)
    const packet = next(socket.io.engine, 'packetCreate')
    socket.compress(false).emit('echo', 1)
    return (await packet)[0].options.compress
  }, false],

  ['a query as an object', ({ open }) => handshake(open('/', { query: { e: 'f' } })), { query: { e: 'f' }, auth: {} }],
  ['a query in the URL', ({ open }) => handshake(open('/?c=d')), { query: { c: 'd' }, auth: {} }],
  ['a query as an object, for a namespace', ({ open }) => handshake(open('/one', { query: { a: 'b' } })), { query: { a: 'b' }, auth: {} }],
  ['a query in the URL, for a namespace', ({ open }) => handshake(open('/one?b=c&d=e')), { query: { b: 'c', d: 'e' }, auth: {} }],
  ['a query with what stands for something in URLs', ({ open }) => handshake(open('/one', { query: { '&a': '&=?a' } })),
    { query: { '&a': '&=?a' }, auth: {} }],
  ['`auth` as an object', ({ open }) => handshake(open('/one', { auth: { a: 'b', c: 'd' } })), { query: {}, auth: { a: 'b', c: 'd' } }],
  ['`auth` as a function', ({ open }) => handshake(open('/one', { auth: (give) => give({ e: 'f' }) })), { query: {}, auth: { e: 'f' } }],
  ['`auth` that is set before it connects', ({ open }) => {
    const socket = open('/one', { autoConnect: false })
    socket.auth = { g: 'h' }
    return handshake(socket.connect())
  }, { query: {}, auth: { g: 'h' } }],
  ['`extraHeaders` of polling', async ({ open }) => {
    const [{ header }] = await next(open('/', { transports: ['polling'], extraHeaders: { 'x-test': 'yes' } }), 'handshake')
    return header
  }, 'yes'],

  ['a refusal says why', async ({ open }) => {
    const [error] = await next(open('/admin', { auth: { token: 'wrong' } }), 'connect_error')
    return [error instanceof Error, error.message]
  }, [true, 'wrong token']],
  ['it has the data of the server', async ({ open }) => {
    const [error] = await next(open('/', { path: '/ends/refusal/', transports: ['polling'] }), 'connect_error')
    return [error.message, error.data]
  }, ['not you', { code: 7 }]],
  ['whoever is refused does not ask again', async ({ open }) => {
    const socket = open('/admin', { ...soon, auth: { token: 'wrong' } })
    const seen = record(socket, 'connect_error')
    await next(socket, 'connect_error')
    socket.io.engine.close()
    await fence(open)
    return [seen.length, socket.active]
  }, [1, false]],
  ['whoever asks again with the right `auth` gets in', async ({ open }) => {
    const socket = open('/admin', { auth: { token: 'wrong' } })
    await next(socket, 'connect_error')
    socket.auth.token = 'secret'
    await next(socket.connect(), 'connect')
    return socket.connected
  }, true],
  ['`disconnect` and `connect` at once: one of each', async ({ open }) => {
    const socket = await connected(open, '', { transports: ['websocket'] })
    const seen = record(socket, 'disconnect', 'connect')
    socket.disconnect().connect()
    await ack(socket, 'back', 1)
    return seen.map(([event]) => event)
  }, ['disconnect', 'connect']],
  ...['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'].map((event) => [
    `\`${event}\` cannot be emitted`,
    ({ open }) => {
      try {
        open('', { autoConnect: false }).emit(event)
        return 'emitted'
      } catch (error) {
        return error.message
      }
    },
    `"${event}" is a reserved event name`,
  ]),
  ['events are sent in order, the early ones first', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const second = new Promise((resolve) => socket.on('connect', () => socket.emit('back', 'second', resolve)))
    const first = ack(socket, 'back', 'first')
    socket.connect()
    const sent = packets(socket)
    // the server may answer in another order
    return [await Promise.all([first, second]), sent]
  }, [['first', 'second'], ['0', '20["back","first"]', '21["back","second"]']]],
  ['`emitWithAck` promises the acknowledgement', ({ open }) => open().emitWithAck('back', 123), 123],
  ['`send` emits `message`', async ({ open }) => {
    const socket = open()
    const chained = socket.send('hello') === socket
    return [chained, ...(await next(socket, 'message'))]
  }, [true, 'hello']],
  ['two arguments arrive as two', async ({ open }) => {
    const socket = open()
    socket.emit('move', 'a', { b: 1 })
    return next(socket, 'move')
  }, ['a', { b: 1 }]],

  ['a volatile event is dropped before the connection', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const seen = []
    socket.volatile.emit('back', 'volatile', (text) => seen.push(text))
    socket.connect()
    seen.push(await ack(socket, 'back', 'kept'))
    return seen
  }, ['kept']],
  ['it is dropped while others are being sent', async ({ open }) => {
    const socket = await connected(open)
    const seen = []
    const kept = ack(socket, 'back', 'kept').then((text) => seen.push(text))
    socket.volatile.emit('back', 'volatile', (text) => seen.push(text))
    await kept
    seen.push(await ack(socket, 'back', 'later'))
    return seen
  }, ['kept', 'later']],
  ['it is sent when the way is free', async ({ open }) => {
    const socket = await connected(open, '', { transports: ['websocket'] })
    await ack(socket, 'back', 1)
    return new Promise((resolve) => socket.volatile.emit('back', 'volatile', resolve))
  }, 'volatile'],

  ['`timeout` ends the wait of whoever is not connected', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const error = await new Promise((resolve) => socket.timeout(5).emit('back', 1, resolve))
    return [said(error), socket.sendBuffer]
  }, ['operation has timed out', []]],
  ['it ends the wait for a server that says nothing', ({ open }) =>
    new Promise((resolve) => open().timeout(20).emit('silent', (error) => resolve(said(error)))), 'operation has timed out'],
  ['what comes too late is not heard', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const seen = []
    const late = new Promise((resolve) => socket.timeout(0).emit('back', 42, (error) => resolve(seen.push(said(error)))))
    await late
    socket.connect()
    await ack(socket, 'back', 1)
    return seen
  }, ['operation has timed out']],
  ['what comes in time has no error', ({ open }) =>
    new Promise((resolve) => open().timeout(60_000).emit('back', 42, (...args) => resolve(args))), [null, 42]],
  ['a promise, too late', ({ open }) => acknowledged(open().timeout(20).emitWithAck('silent')), { error: 'operation has timed out' }],
  ['a promise, in time', ({ open }) => acknowledged(open().timeout(60_000).emitWithAck('back', 42)), { value: 42 }],
  ['`ackTimeout` is the limit of all', ({ open }) =>
    new Promise((resolve) => open('', { ackTimeout: 20 }).emit('silent', (error) => resolve(said(error)))), 'operation has timed out'],

  ['a callback without a limit is not called after `disconnect`', async ({ open }) => {
    const socket = await connected(open)
    const seen = []
    socket.emit('back', 1, (...args) => seen.push(args))
    socket.disconnect()
    await fence(open)
    return [seen, Object.keys(socket.acks)]
  }, [[], []]],
  ['one with a limit gets an error', async ({ open }) => {
    const socket = await connected(open)
    const error = new Promise((resolve) => socket.timeout(60_000).emit('back', 1, resolve))
    socket.disconnect()
    return said(await error)
  }, 'socket has been disconnected'],
  ['one with `ackTimeout` as well', async ({ open }) => {
    const socket = await connected(open, '', { ackTimeout: 60_000 })
    const error = new Promise((resolve) => socket.emit('back', 1, resolve))
    socket.disconnect()
    return said(await error)
  }, 'socket has been disconnected'],
  ['a promise rejects', async ({ open }) => {
    const socket = await connected(open)
    const promise = acknowledged(socket.emitWithAck('back', 1))
    socket.disconnect()
    return promise
  }, { error: 'socket has been disconnected' }],
  ['a promise with a limit as well', async ({ open }) => {
    const socket = await connected(open)
    const promise = acknowledged(socket.timeout(60_000).emitWithAck('back', 1))
    socket.disconnect()
    return promise
  }, { error: 'socket has been disconnected' }],
  ['what was not sent yet is sent later, with its callback', async ({ open }) => {
    const socket = await connected(open)
    socket.disconnect()
    const value = ack(socket, 'back', 'a')
    socket.connect()
    return value
  }, 'a'],
  ['what is emitted after a missed ping is sent over the next connection', async ({ open }) => {
    const socket = await connected(open, '', soon)
    socket.io.engine._pingTimeoutTime = Date.now() - 1
    let hasReconnected = false
    socket.io.once('reconnect', () => (hasReconnected = true))
    return [await ack(socket, 'back', '123'), hasReconnected]
  }, ['123', true]],

  ['`retries` keep the order', async ({ open }) => {
    const socket = open('', { retries: 1, ackTimeout: 60_000, transports: ['websocket'], autoConnect: false })
    const lengths = []
    const done = [1, 2, 3].map(
      (number) => new Promise((resolve) => socket.emit('back', number, (error, value) => resolve([error, value, lengths.push(socket._queue.length)]))),
    )
    lengths.push(socket._queue.length)
    socket.connect()
    const sent = packets(socket)
    return [await Promise.all(done), lengths, sent]
  }, [
    [[null, 1, 2], [null, 2, 3], [null, 3, 4]],
    [3, 2, 1, 0],
    ['0', '20["back",1]', '21["back",2]', '22["back",3]'],
  ]],
  ['they end', async ({ open }) => {
    const socket = await connected(open, '', { retries: 3, ackTimeout: 10 })
    const sent = packets(socket)
    const error = await new Promise((resolve) => socket.emit('silent', resolve))
    return [said(error), sent]
  }, ['operation has timed out', ['20["silent"]', '21["silent"]', '22["silent"]', '23["silent"]']]],
  ['they wait for the connection', async ({ open }) => {
    const socket = open('', { autoConnect: false, retries: 3, ackTimeout: 60_000 })
    const value = new Promise((resolve) => socket.emit('back', 1, (...args) => resolve(args)))
    socket.connect()
    return value
  }, [null, 1]],
  ['what is emitted in `connect` is sent once', async ({ open }) => {
    const socket = open('', { retries: 3, ackTimeout: 60_000, transports: ['websocket'], autoConnect: false })
    socket.connect()
    const sent = packets(socket)
    await next(socket, 'connect')
    await new Promise((resolve) => socket.emit('back', null, resolve))
    await new Promise((resolve) => socket.emit('back', 'then', resolve))
    return sent
  }, ['0', '20["back",null]', '21["back","then"]']],
]
