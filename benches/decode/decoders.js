// The decoders, each as `(chunks, onEvent) => …`: `onEvent(event, data)` for every event. `late()` asks to give up.

import { getLines, getMessages } from '@microsoft/fetch-event-source/lib/esm/parse.js'
import { createParser } from 'eventsource-parser'
import { EventStreamDecoder } from 'flowise-stream'
import { FlowiseClient } from 'flowise-sdk'

function flowiseStream(chunks, onEvent, late) {
  const decoder = new EventStreamDecoder(onEvent)
  for (const chunk of chunks) {
    decoder.push(chunk)
    if (late()) break
  }
  decoder.free()
}

function eventsourceParser(chunks, onEvent, late) {
  const utf8 = new TextDecoder()
  const parser = createParser({
    onEvent(message) {
      const { event, data } = JSON.parse(message.data)
      onEvent(event, data)
    },
  })
  for (const chunk of chunks) {
    parser.feed(utf8.decode(chunk, { stream: true }))
    if (late()) break
  }
}

function fetchEventSource(chunks, onEvent, late) {
  const onMessage = (message) => {
    // it makes a message of every empty line
    if (message.data === '') return
    const { event, data } = JSON.parse(message.data)
    onEvent(event, data)
  }
  const onChunk = getLines(getMessages(() => {}, () => {}, onMessage))
  for (const chunk of chunks) {
    onChunk(chunk)
    if (late()) break
  }
}

// Its loop is not to be had without its requests, so these are answered here, and every chunk is at hand at once.
async function flowiseSdk(chunks, onEvent, late) {
  const realFetch = globalThis.fetch
  let next = 0
  const read = async () =>
    next === chunks.length || late() ? { done: true } : { done: false, value: chunks[next++] }
  const body = { getReader: () => ({ read, releaseLock() {} }) }
  globalThis.fetch = async () => ({ ok: true, body, json: async () => ({ isStreaming: true }) })
  try {
    const client = new FlowiseClient({ baseUrl: '' })
    const prediction = await client.createPrediction({ chatflowId: '1', question: '', streaming: true })
    for await (const { event, data } of prediction) onEvent(event, data)
  } finally {
    globalThis.fetch = realFetch
  }
}

export const decoders = {
  'flowise-stream': flowiseStream,
  'eventsource-parser': eventsourceParser,
  'fetch-event-source': fetchEventSource,
  'flowise-sdk': flowiseSdk,
}
