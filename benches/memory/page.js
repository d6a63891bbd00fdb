// Runs in the page: `answer(name)` reads one answer and keeps nothing of it.

import { EventStreamDecoder, connect, stream } from 'flowise-stream'

const chatflowId = 'benchmark'
const question = 'Hey, how are you?'

let tokens = 0
const onToken = () => tokens++

let socket
const takers = {
  async 'query + on'() {
    if (!socket) {
      socket = connect(location.origin, { chatflowId })
      socket.on('token', onToken)
    }
    await socket.query({ question })
  },

  async 'stream'() {
    for await (const { event } of stream({ question }, { url: location.origin, chatflowId })) {
      if (event === 'token') onToken()
    }
  },

  async 'EventStreamDecoder'() {
    const decoder = new EventStreamDecoder((event) => event === 'token' && onToken())
    const { body } = await fetch(`/api/v1/prediction/${chatflowId}`, { method: 'POST' })
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read()
      if (done) break
      decoder.push(value)
    }
    decoder.finish()
    decoder.free()
  },
}

globalThis.start = (name) => {
  tokens = 0
  globalThis.finished = takers[name]().then(() => tokens)
}

// The package keeps its memory to itself, so the constructor is asked for it.
const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(...parameters) {
    super(...parameters)
    // its name is the build's affair
    const memory = Object.values(this.exports).find((exported) => exported instanceof WebAssembly.Memory)
    if (memory) globalThis.wasmMemory = memory
  }
}
