// A worker that asks for the page that it is asked for. Its host compiles no bytes: it makes the module itself, for all entries.

import { EventStreamDecoder, init } from 'flowise-stream/slim'
import wasm from 'flowise-stream/slim.wasm'

import { run } from './chat.js'
import { decode } from './decode.js'

await init(wasm)

async function answer(request) {
  const answer = await run(Object.fromEntries(new URL(request.url).searchParams))
  return { ...answer, decoded: decode(EventStreamDecoder, answer.text) }
}

export default {
  async fetch(request) {
    const shown = await answer(request).catch((error) => String(error.stack))
    const page = `<!doctype html><link rel="icon" href="data:,"><script>window.answer = ${JSON.stringify(shown)}</script>`
    return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } })
  },
}
