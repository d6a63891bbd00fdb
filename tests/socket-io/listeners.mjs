// Listeners, binary data and addresses: after the lists of socket.io-client's own suite's `socket.ts`, `connection.ts` and `url.ts`. See
// `connections.mjs`.

import { ack, next, packets } from './watch.mjs'

/** What a case adds to a list, in order. */
const listed = () => {
  const list = []
  return { list, note: (name) => (...args) => list.push([name, ...args]) }
}

const bytes = (...values) => Uint8Array.from(values)
const numbers = (data) => [...new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength)]

/** Whom a socket asks: the address of its manager without its path, and the namespace. */
const asked = ({ io, nsp }) => [new URL(io.uri).origin, nsp]

export const LISTENERS = [
  ['`on`, `once` and `off`', async ({ open }) => {
    const socket = open()
    const { list, note } = listed()
    const on = note('on')
    socket.on('echo', on).once('echo', note('once'))
    socket.emit('echo', 1)
    await next(socket, 'echo')
    socket.emit('echo', 2)
    await next(socket, 'echo')
    socket.off('echo', on)
    socket.emit('echo', 3)
    await next(socket, 'echo')
    return [list, socket.hasListeners('echo'), socket.listeners('echo').length]
  }, [[['on', 1], ['once', 1], ['on', 2]], false, 0]],
  ['a listener that listens twice is called twice', async ({ open }) => {
    const socket = open()
    const { list, note } = listed()
    const on = note('on')
    socket.on('echo', on).on('echo', on)
    socket.emit('echo', 1)
    await next(socket, 'echo')
    return list
  }, [['on', 1], ['on', 1]]],
  ['`off` without a listener takes all', ({ open }) => {
    const socket = open('', { autoConnect: false })
    socket.on('a', () => {}).on('a', () => {}).on('b', () => {})
    socket.off('a')
    const left = ['a', 'b'].map((event) => socket.listeners(event).length)
    return [left, socket.off().listeners('b').length]
  }, [[0, 1], 0]],
  ['other names for them', ({ open }) => {
    const socket = open('', { autoConnect: false })
    const listener = () => {}
    socket.addEventListener('a', listener)
    const count = () => socket.listeners('a').length
    const counts = [count()]
    socket.removeEventListener('a', listener)
    counts.push(count())
    socket.on('a', listener).removeListener('a', listener)
    counts.push(count())
    socket.on('a', listener).removeAllListeners('a')
    return [...counts, count()]
  }, [1, 0, 0, 0]],
  ['`onAny` hears every event', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const { list, note } = listed()
    socket.onAny(note('any'))
    socket.connect()
    await next(socket, 'handshake')
    socket.emit('move', 'a', 'b')
    await next(socket, 'move')
    return list.map(([name, event]) => [name, event])
  }, [['any', 'handshake'], ['any', 'move']]],
  ['`prependAny` comes first', async ({ open }) => {
    const socket = open()
    await next(socket, 'handshake')
    const { list, note } = listed()
    socket.onAny(note(3))
    socket.prependAny(note(2))
    socket.prependAny(note(1))
    socket.emit('echo', 'x')
    await next(socket, 'echo')
    return list
  }, [[1, 'echo', 'x'], [2, 'echo', 'x'], [3, 'echo', 'x']]],
  ['`offAny` takes one, or all', async ({ open }) => {
    const socket = open()
    await next(socket, 'handshake')
    const { list, note } = listed()
    const one = note('one')
    socket.onAny(one)
    socket.onAny(note('two'))
    const counts = [socket.listenersAny().length]
    socket.offAny(one)
    counts.push(socket.listenersAny().length)
    socket.emit('echo', 'x')
    await next(socket, 'echo')
    socket.offAny()
    return [list, ...counts, socket.listenersAny().length]
  }, [[['two', 'echo', 'x']], 2, 1, 0]],
  ['`onAnyOutgoing` hears what is sent', async ({ open }) => {
    const socket = open()
    await next(socket, 'connect')
    const { list, note } = listed()
    socket.onAnyOutgoing(note('sent'))
    socket.emit('echo', '123')
    await next(socket, 'echo')
    return list
  }, [['sent', 'echo', '123']]],
  ['so with bytes', async ({ open }) => {
    const socket = open()
    await next(socket, 'connect')
    const heard = new Promise((resolve) => socket.onAnyOutgoing((event, data) => resolve([event, data instanceof Uint8Array])))
    socket.emit('reverse', bytes(1, 2, 3), () => {})
    return heard
  }, ['reverse', true]],
  ['`prependAnyOutgoing` comes first, and early events are heard when they are sent', async ({ open }) => {
    const socket = open('', { autoConnect: false })
    const { list, note } = listed()
    socket.onAnyOutgoing(note(3))
    socket.prependAnyOutgoing(note(2))
    socket.prependAnyOutgoing(note(1))
    socket.emit('echo', 'x')
    const early = list.length
    socket.connect()
    await next(socket, 'echo')
    return [early, list]
  }, [0, [[1, 'echo', 'x'], [2, 'echo', 'x'], [3, 'echo', 'x']]]],
  ['`offAnyOutgoing` takes one', async ({ open }) => {
    const socket = open()
    const { list, note } = listed()
    const one = note('one')
    socket.onAnyOutgoing(one)
    socket.offAnyOutgoing(one)
    const count = socket.listenersAnyOutgoing().length
    socket.onAnyOutgoing(note('two'))
    socket.emit('echo', 'x')
    await next(socket, 'echo')
    return [count, list]
  }, [0, [['two', 'echo', 'x']]]],
]

export const BINARY = [
  ['bytes arrive, and come back', async ({ open }) => numbers(await ack(open(), 'reverse', bytes(1, 2, 3))), [3, 2, 1]],
  ['so do those of an ArrayBuffer', async ({ open }) => numbers(await ack(open(), 'reverse', bytes(1, 2, 3).buffer)), [3, 2, 1]],
  ['so beside JSON', async ({ open }) => {
    const { name, layers } = await ack(open(), 'same', { name: 'photo', layers: [bytes(1), bytes(2, 3)] })
    return [name, layers.map(numbers)]
  }, ['photo', [[1], [2, 3]]]],
  ['so in events', async ({ open }) => {
    const socket = open()
    socket.emit('photo', 'first', bytes(1))
    const [name, data] = await next(socket, 'photo')
    return [name, numbers(data)]
  }, ['first', [1]]],
  ['they are sent in order with others', async ({ open }) => {
    const socket = open('', { transports: ['websocket'] })
    await next(socket, 'connect')
    const sent = packets(socket)
    socket.emit('photo', 'first', bytes(1))
    socket.emit('photo', 'second', bytes(2))
    await ack(socket, 'back', 'third')
    return sent.map((data) => (typeof data === 'string' ? data : numbers(data)))
  }, ['51-["photo","first",{"_placeholder":true,"num":0}]', [1], '51-["photo","second",{"_placeholder":true,"num":0}]', [2], '20["back","third"]']],
  ['`binaryType` says what they are', async ({ open }) => {
    const socket = open('', { transports: ['websocket'] })
    socket.io.engine.binaryType = 'arraybuffer'
    return (await ack(socket, 'reverse', bytes(1))) instanceof ArrayBuffer
  }, true],
]

const idle = { autoConnect: false }

export const ADDRESSES = [
  ['a whole address', ({ io }) => asked(io('http://host.example:3000', idle)), ['http://host.example:3000', '/']],
  ['a path is a namespace', ({ io }) => asked(io('http://host.example:3000/woot', idle)), ['http://host.example:3000', '/woot']],
  ['so is a path of several parts', ({ io }) => asked(io('http://host.example:3000/a/b', idle)), ['http://host.example:3000', '/a/b']],
  ['a slash is the first namespace', ({ io }) => asked(io('http://host.example:3000/', idle)), ['http://host.example:3000', '/']],
  ['the query is no part of it', ({ io }) => asked(io('http://host.example:3000/woot?a=b', idle)), ['http://host.example:3000', '/woot']],
  ['https', ({ io }) => asked(io('https://host.example', idle)), ['https://host.example', '/']],
  ['ws is http', ({ io }) => new URL(io('ws://host.example:81', idle).io.uri).host, 'host.example:81'],
  ['wss is https', ({ io }) => new URL(io('wss://host.example', idle).io.uri).host, 'host.example'],
  ['IPv6', ({ io }) => asked(io('http://[::1]:3000/woot', idle)), ['http://[::1]:3000', '/woot']],
  ['an address of one port is not that of another', ({ io }) =>
    io('http://host.example:80/', idle).io === io('http://host.example:81/', idle).io, false],
  ['`path` is where the server is mounted', ({ io }) => {
    const { io: manager, nsp } = io('http://host.example/woot', { ...idle, path: '/mounted' })
    return [manager.opts.path, nsp]
  }, ['/mounted', '/woot']],
  ['without it, it is the usual one', ({ io }) => io('http://host.example/woot', idle).io.opts.path, '/socket.io'],
  ['every option is handed on', ({ io }) => {
    const given = {
      forceNew: true, reconnection: false, reconnectionAttempts: 3, reconnectionDelay: 7, reconnectionDelayMax: 9, randomizationFactor: 0.1,
      timeout: 77, transports: ['websocket'], upgrade: false, rememberUpgrade: true, withCredentials: true, timestampRequests: true,
      timestampParam: 'x', closeOnBeforeunload: true, addTrailingSlash: false, protocols: ['p'], forceBase64: true, retries: 2, ackTimeout: 5,
    }
    const { io: manager } = io('http://host.example/', { ...idle, ...given })
    return Object.keys(given).filter((key) => manager.opts[key] !== given[key])
  }, []],
  ['limits are what the manager says', ({ io }) => {
    const { io: manager } = io('http://host.example/', { ...idle, reconnectionAttempts: 3, reconnectionDelay: 7, timeout: 77, randomizationFactor: 0.1 })
    return [manager.reconnectionAttempts(), manager.reconnectionDelay(), manager.timeout(), manager.randomizationFactor()]
  }, [3, 7, 77, 0.1]],
  ['without options they are the usual ones', ({ io }) => {
    const { io: manager } = io('http://host.example:3001/', idle)
    return [manager.reconnection(), manager.reconnectionAttempts(), manager.reconnectionDelay(), manager.reconnectionDelayMax(), manager.timeout()]
  }, [true, Infinity, 1000, 5000, 20000]],
]
