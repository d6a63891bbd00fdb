// Runs in the page: socket.io-client itself, and through `connect`; both are called the same way.

import { connect } from 'flowise-stream'
import { io } from 'socket.io-client'

const chatflowId = 'benchmark'
const question = 'Hey, how are you?'

const opened = (socket, event) => new Promise((resolve) => socket.once(event, resolve))

const clients = {
  'socket.io-client': {
    open: () => io(location.origin, { forceNew: true }),
    ask: (socket) =>
      fetch(`/api/v1/prediction/${chatflowId}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ question, socketIOClientId: socket.id }),
      }).then((response) => response.json()),
  },
  'flowise-stream': {
    open: () => connect(location.origin, { chatflowId, forceNew: true }),
    ask: (socket) => socket.query({ question }),
  },
}

/** The time from the call to `connect`, in milliseconds. */
globalThis.timeToConnect = async (name) => {
  const start = performance.now()
  const socket = clients[name].open()
  await opened(socket, 'connect')
  const time = performance.now() - start
  socket.disconnect()
  return time
}

let socket
let text
let wanted = Infinity
let reached
let first

function onToken(token) {
  if (text === '') first = performance.now()
  text += token
  if (text.length === wanted) reached(performance.now() - first)
}

/** Opens a socket that listens to tokens; gives its id once it is on a WebSocket. */
globalThis.listen = async (name) => {
  socket = clients[name].open()
  socket.on('token', onToken)
  await opened(socket, 'connect')
  const { engine } = socket.io
  if (engine.transport.name !== 'websocket') await opened(engine, 'upgrade')
  return socket.id
}

/** Asks for an answer, which the server begins when it likes. */
globalThis.ask = (name) => {
  globalThis.reply = clients[name].ask(socket)
}

/** The time from the first to the last token, in milliseconds. */
globalThis.received = (count) => {
  text = ''
  wanted = count * globalThis.tokenFormat.token.length
  return new Promise((resolve) => (reached = resolve))
}

globalThis.hangUp = () => socket.disconnect()
