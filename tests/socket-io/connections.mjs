// What socket.io-client does with connections: after the list of its own suite's `connection.ts`. A row is a name, what happens, and what is
// seen of it. `open(path, options)` connects to the server of the tests; what it opens is closed after the case.

import { ack, all, fence, next, packets, record } from './watch.mjs'

const soon = { reconnectionDelay: 1, reconnectionDelayMax: 2 }
const twice = { ...soon, reconnectionAttempts: 2 }

/** Counts the attempts to reconnect until none is left. */
const attempts = async (manager) => {
  const seen = record(manager, 'reconnect_attempt', 'reconnect_error')
  await next(manager, 'reconnect_failed')
  return seen.map(([event, detail]) => [event, detail instanceof Error ? 'error' : detail])
}
const TWO = [['reconnect_attempt', 1], ['reconnect_error', 'error'], ['reconnect_attempt', 2], ['reconnect_error', 'error']]

export const CONNECTIONS = [
  ['it connects', async ({ open }) => {
    const socket = open()
    const before = [socket.connected, socket.active, socket.disconnected]
    await next(socket, 'connect')
    return [before, [socket.connected, socket.active, socket.disconnected]]
  }, [[false, true, true], [true, true, false]]],

  ['what is emitted before the connection is sent after it', async ({ open }) => {
    const socket = open()
    socket.emit('echo', 'early')
    return next(socket, 'echo')
  }, ['early']],

  ['with `autoConnect: false` nothing happens until `connect`', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const before = [socket.io.engine === undefined, socket.active, socket.connected]
    socket.connect()
    await next(socket, 'connect')
    return [before, socket.connected]
  }, [[true, false, false], true]],

  ['`open` is `connect`, and `close` is `disconnect`', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const chained = [socket.open() === socket]
    await next(socket, 'connect')
    chained.push(socket.close() === socket)
    return [...chained, socket.connected]
  }, [true, true, false]],

  ['two connections to one namespace have two managers', ({ open }) => open('/', { forceNew: false }).io === open('/', { forceNew: false }).io, false],
  ['so have two with other query strings', ({ open }) => open('/?woot', { forceNew: false }).io === open('/', { forceNew: false }).io, false],
  ['so have two with other paths', ({ open }) =>
    open('/', { forceNew: false, path: '/foo' }).io === open('/', { forceNew: false, path: '/bar' }).io, false],
  ['two namespaces share one', ({ open }) => open('/one', { forceNew: false }).io === open('/two', { forceNew: false }).io, true],
  ['they do not with `forceNew`', ({ open }) => open('/one').io === open('/two').io, false],
  ['they do not with `multiplex: false`', ({ open }) =>
    open('/one', { forceNew: false, multiplex: false }).io === open('/two', { forceNew: false, multiplex: false }).io, false],

  ['a server asks, and gets an acknowledgement', async ({ open }) => {
    const socket = open()
    socket.on('question', (question, answer) => answer([question, 5, { test: true }]))
    socket.emit('ask')
    return next(socket, 'answered')
  }, [['are you there?', 5, { test: true }]]],

  ['a date is a string at the other side', async ({ open }) => ack(open(), 'back', new Date(0)), '1970-01-01T00:00:00.000Z'],
  ['so is one in an object', async ({ open }) => ack(open(), 'back', { date: new Date(0) }), { date: '1970-01-01T00:00:00.000Z' }],
  ['so is one in an event', async ({ open }) => {
    const socket = open()
    socket.emit('echo', { date: new Date(0) })
    return next(socket, 'echo')
  }, [{ date: '1970-01-01T00:00:00.000Z' }]],
  ['false, null, zero and nothing arrive', async ({ open }) => ack(open(), 'back', [false, null, 0, '']), [false, null, 0, '']],
  ['characters arrive as they are', async ({ open }) => {
    const texts = ['てすと', 'Я Б Г Д Ж Й', 'Ä ä Ü ü ß', 'utf8 — string', '😀']
    const socket = open()
    return Promise.all(texts.map((text) => ack(socket, 'back', text)))
  }, ['てすと', 'Я Б Г Д Ж Й', 'Ä ä Ü ü ß', 'utf8 — string', '😀']],

  ['a namespace connects over a connection that is there', async ({ open }) => {
    const socket = open()
    await next(socket, 'connect')
    const one = socket.io.socket('/one')
    await next(one, 'connect')
    return [one.nsp, one.connected, one.io === socket.io]
  }, ['/one', true, true]],
  ['a namespace opens a connection that was closed', async ({ open }) => {
    const socket = open()
    await next(socket, 'connect')
    socket.disconnect()
    const one = socket.io.socket('/one')
    await next(one, 'connect')
    return [one.connected, socket.connected]
  }, [true, false]],

  ['it connects again when the connection is lost', async ({ open }) => {
    const socket = open('', soon)
    await next(socket, 'connect')
    const seen = record(socket, 'disconnect')
    socket.io.engine.close()
    await next(socket.io, 'reconnect')
    return [seen.map(([event, reason]) => [event, reason]), socket.active]
  }, [[['disconnect', 'forced close']], true]],
  ['`connect` connects again after `disconnect`', async ({ open }) => {
    const socket = open()
    await next(socket, 'connect')
    const seen = record(socket, 'disconnect')
    socket.disconnect()
    socket.connect()
    await next(socket, 'connect')
    return [seen.map(([, reason]) => reason), socket.connected]
  }, [['io client disconnect'], true]],
  ['after that, it connects again by itself', async ({ open }) => {
    const socket = open('', soon)
    await next(socket, 'connect')
    socket.disconnect().connect()
    await next(socket, 'connect')
    socket.io.engine.close()
    return next(socket.io, 'reconnect')
  }, [1]],
  ['attempts begin anew after they have failed', async ({ open, hang }) => {
    const { io } = open(`${hang}/`, { ...twice, timeout: 0 })
    const first = await attempts(io)
    io.connect()
    return [first, await attempts(io)]
  }, [TWO, TWO]],
  ['the pauses grow', async ({ open, gone }) => {
    const { io } = open(`${gone}/`, { autoConnect: false, reconnectionDelay: 10, reconnectionDelayMax: 1000, randomizationFactor: 0 })
    return [1, 2, 3, 4].map(() => io.backoff.duration())
  }, [10, 20, 40, 80]],
  ['there are no attempts after `disconnect`', async ({ open, hang }) => {
    const socket = open(`${hang}/`, { ...soon, timeout: 0 })
    await next(socket.io, 'error')
    const seen = record(socket.io, 'reconnect_attempt', 'reconnect')
    socket.disconnect()
    await fence(open)
    return seen
  }, []],
  ['`disconnect` ends them', async ({ open, hang }) => {
    const socket = open(`${hang}/`, { ...soon, timeout: 0 })
    await next(socket.io, 'reconnect_attempt')
    const seen = record(socket.io, 'reconnect_attempt')
    socket.disconnect()
    await fence(open)
    return seen
  }, []],
  ['`connect` begins them again', async ({ open, hang }) => {
    const socket = open(`${hang}/`, { ...soon, timeout: 0 })
    await next(socket.io, 'reconnect_attempt')
    socket.disconnect()
    socket.connect()
    return next(socket.io, 'reconnect_attempt')
  }, [1]],
  ['one socket stops, another goes on', async ({ open }) => {
    const first = open('', soon)
    const second = first.io.socket('/two')
    await all(first, second)
    const seen = record(first, 'connect')
    first.io.once('reconnect_attempt', () => first.disconnect())
    first.io.engine.close()
    await next(second, 'connect')
    return [seen, first.connected, second.connected]
  }, [[], false, true]],
  ['as many attempts as wanted, when nothing answers in time', ({ open, hang }) => attempts(open(`${hang}/`, { ...twice, timeout: 0 }).io), TWO],
  ['so with an address where nobody is', ({ open, gone }) => attempts(open(`${gone}/`, twice).io), TWO],
  ['so for a namespace', ({ open, gone }) => attempts(open(`${gone}/one`, twice).io), TWO],
  ['none with `reconnection: false`', async ({ open, gone }) => {
    const { io } = open(`${gone}/`, { ...soon, reconnection: false })
    const seen = record(io, 'reconnect_attempt')
    await next(io, 'error')
    await fence(open)
    return seen
  }, []],
  ['another socket changes nothing of the attempts', async ({ open, gone }) => {
    const { io } = open(`${gone}/one`, twice)
    const tried = attempts(io)
    await next(io, 'reconnect_attempt')
    io.socket('/two')
    return tried
  }, TWO],
  ['none where the connection comes at once', async ({ open }) => {
    const socket = open('/one', soon)
    const seen = record(socket.io, 'reconnect_attempt')
    await next(socket, 'connect')
    await fence(open)
    return seen
  }, []],
  ['`reconnection(false)` ends them', async ({ open, gone }) => {
    const { io } = open(`${gone}/`, soon)
    await next(io, 'reconnect_error')
    io.reconnection(false)
    const seen = record(io, 'reconnect_attempt')
    await fence(open)
    return [seen, io.reconnection()]
  }, [[], false]],

  ['one connects as another disconnects', async ({ open }) => {
    const one = open('/one')
    await next(one, 'connect')
    const two = one.io.socket('/two')
    one.disconnect()
    await next(two, 'connect')
    return [one.connected, two.connected]
  }, [false, true]],
  ['a server of version 2 is refused', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const refused = next(socket, 'connect_error')
    socket.onpacket({ nsp: '/', type: 0 })
    const [error] = await refused
    return /v2\.x/.test(error.message)
  }, true],
  ['the connection stays while one socket uses it', async ({ open }) => {
    const one = open('/one')
    const two = one.io.socket('/two')
    await all(one, two)
    const seen = [...record(two, 'disconnect'), ...record(one.io, 'close')]
    one.disconnect()
    await ack(two, 'back', 1)
    const closed = next(one.io, 'close')
    two.disconnect()
    return [seen, (await closed)[0]]
  }, [[], 'forced close']],
  ['a socket that is known connects again', async ({ open }) => {
    const socket = open()
    await next(socket, 'connect')
    socket.disconnect()
    const again = socket.io.socket('/')
    const active = again.active
    await next(again, 'connect')
    return [again === socket, active]
  }, [true, true]],
  ['one that is active does not do it twice', async ({ open }) => {
    const socket = open()
    const sent = packets(socket)
    await next(socket.io, 'open')
    const again = socket.io.socket('/')
    await next(socket, 'connect')
    socket.disconnect()
    return [again === socket, sent]
  }, [true, ['0', '1']]],
  ['nor does one of another namespace', async ({ open }) => {
    const socket = open()
    const sent = packets(socket)
    await next(socket.io, 'open')
    const one = socket.io.socket('/one')
    await all(socket, one)
    socket.disconnect()
    one.disconnect()
    return sent
  }, ['0', '0/one,', '1', '1/one,']],
  ['what cannot be decoded ends the connection', async ({ open }) => {
    const socket = open('', soon)
    await next(socket, 'connect')
    const { engine } = socket.io
    const gone = next(socket, 'disconnect')
    engine.emit('data', 'bad')
    const [reason] = await gone
    await next(socket.io, 'reconnect')
    return [reason, engine === socket.io.engine, engine.readyState]
  }, ['parse error', false, 'closed']],
  ['a server that ends the socket is not asked again', async ({ open }) => {
    const socket = open('', soon)
    await next(socket, 'connect')
    const seen = record(socket.io, 'reconnect_attempt')
    socket.emit('leave')
    const [reason] = await next(socket, 'disconnect')
    await fence(open)
    return [reason, socket.active, seen]
  }, ['io server disconnect', false, []]],
  ['what was missed comes after a short loss', async ({ open }) => {
    const socket = open('', { ...soon, path: '/ends/recovery/', transports: ['polling'] })
    const before = socket.recovered
    const [heard] = await next(socket, 'news')
    const [missed] = await next(socket, 'news')
    return [before, heard, missed, socket.recovered]
  }, [false, 'heard', 'missed', true]],
]
