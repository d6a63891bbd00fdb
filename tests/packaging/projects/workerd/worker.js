// A worker that asks for the page that it is asked for.

import { run } from './chat.js'
import { decode } from './decode.js'

export const workerWith = ({ EventStreamDecoder }) => ({
  async fetch(request) {
    const shown = await answer(request, EventStreamDecoder).catch((error) => String(error.stack))
    const page = `<!doctype html><link rel="icon" href="data:,"><script>window.answer = ${JSON.stringify(shown)}</script>`
    return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } })
  },
})

async function answer(request, EventStreamDecoder) {
  const answer = await run(Object.fromEntries(new URL(request.url).searchParams))
  return { ...answer, decoded: decode(EventStreamDecoder, answer.text) }
}
