// Runs in the page: `start(client)` asks for an answer with one client; after `expect(count)`, the server hears of that token.

import { fetchEventSource } from '@microsoft/fetch-event-source'
import { connect, stream } from 'flowise-stream'
import { FlowiseClient } from 'flowise-sdk'

const { frameLength, startLength, token } = globalThis.tokenFormat
const chatflowId = 'benchmark'
const question = 'Hey, how are you?'
const path = `/api/v1/prediction/${chatflowId}`
const post = (streaming) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ question, streaming }),
})

let text = ''
let wanted = Infinity

const reached = () => fetch('/reached', { method: 'POST' })

// What a page does with a token: the same for every client.
function onToken(token) {
  text += token
  if (text.length === wanted) reached()
}

// The server hears of it, and the driver of the browser does not: asking would take time in the page, and in some engines again and again.
globalThis.expect = (count) => {
  wanted = count * token.length
  if (text.length === wanted) reached()
}

// Every client reads the response this way, so all pay the same for being counted.
const { read } = ReadableStreamDefaultReader.prototype
ReadableStreamDefaultReader.prototype.read = function () {
  globalThis.reads++
  return read.call(this)
}
globalThis.reads = 0

const clients = {
  // Decodes nothing: how many tokens there are follows from the number of bytes.
  async 'bare reader'() {
    const { body } = await fetch(path, post(true))
    const reader = body.getReader()
    let bytes = -startLength
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      for (bytes += value.length; bytes >= frameLength; bytes -= frameLength) onToken(token)
    }
  },

  async 'query + on'() {
    const socket = connect(location.origin, { chatflowId })
    socket.on('token', onToken)
    await new Promise((resolve) => socket.on('connect', resolve))
    await socket.query({ question })
    socket.disconnect()
  },

  async 'stream'() {
    for await (const { event, data } of stream({ question }, { url: location.origin, chatflowId })) {
      if (event === 'token') onToken(data)
    }
  },

  async 'fetch-event-source'() {
    await fetchEventSource(path, {
      ...post(true),
      openWhenHidden: true,
      onmessage(message) {
        // it makes a message of every empty line
        if (message.data === '') return
        const { event, data } = JSON.parse(message.data)
        if (event === 'token') onToken(data)
      },
    })
  },

  async 'flowise-sdk'() {
    const client = new FlowiseClient({ baseUrl: location.origin })
    for await (const { event, data } of await client.createPrediction({ chatflowId, question, streaming: true })) {
      if (event === 'token') onToken(data)
    }
  },
}

globalThis.names = Object.keys(clients)
globalThis.start = (name) => {
  text = ''
  globalThis.finished = clients[name]()
  globalThis.finished.catch((error) => setTimeout(() => { throw error }))
}
