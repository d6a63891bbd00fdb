// One decoder, two APIs: JavaScript and Rust decode every stream and reply, recorded or generated, to the same result.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { EventStreamDecoder, query } from 'flowise-stream'

import * as generate from './differential/generate.mjs'
import { essence, joining, saying } from './differential/normal.mjs'

const ROOT = join(import.meta.dirname, '..')
const SEEDS = Array.from({ length: 400 }, (_, seed) => seed)

/** The Rust API's results for streams and replies. */
function inRust(given) {
  const command = ['run', '--quiet', '--package', 'flowise-stream', '--example', 'decode']
  const options = { cwd: ROOT, input: JSON.stringify(given), maxBuffer: 2 ** 30 }
  return JSON.parse(execFileSync('cargo', command, options))
}

/** The events of the JavaScript API as plain values. */
function inJavaScript(stream) {
  const events = []
  const join = joining()
  const hear = (...event) => events.push(...join(...event).map((event) => saying(...event)))
  const decoder = new EventStreamDecoder(hear, { onError: ({ code }) => events.push({ error: code }) })
  const bytes = new TextEncoder().encode(stream)
  for (let at = 0; at < bytes.length; at += 1400) decoder.push(bytes.subarray(at, at + 1400))
  decoder.free()
  return events
}

/** An event of the Rust API as a plain value. */
const written = ({ event, data, error, ...extra }) => (error ? { error } : saying(event, data, extra))

/** The JavaScript API's answer for this reply. */
async function answer(type, body) {
  const fetch = async (url) =>
    String(url).includes('/prediction/') ? new Response(body, { headers: { 'content-type': type } }) : Response.json({ isStreaming: true })
  const options = { url: 'http://flowise.example', chatflowId: 'f', transport: 'sse', fetch }
  return query({ question: 'Hi' }, options).catch(({ partial }) => partial)
}

/** An answer without the members that depend on the request. */
function content({ chatId, sessionId, streamed, warnings, ...reply }) {
  return essence(reply)
}

function recordings() {
  const folder = join(ROOT, 'tests/recordings/flowise-3.1.4')
  const names = readdirSync(folder).filter((name) => name.endsWith('.sse'))
  return names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])
}

test('recorded streams give the same events and the same answer', async () => {
  const streams = recordings()
  const rust = inRust({ streams: streams.map(([, stream]) => stream) }).streams
  for (const [place, [name, stream]] of streams.entries()) {
    assert.deepEqual(inJavaScript(stream), rust[place].events.map(written), name)
    assert.deepEqual(content(await answer('text/event-stream', stream)), content(rust[place].answer), name)
  }
})

test('streams with everything odd give the same events', () => {
  const streams = SEEDS.map((seed) => generate.stream(generate.randomness(seed)))
  const rust = inRust({ streams }).streams
  for (const seed of SEEDS) {
    assert.deepEqual(inJavaScript(streams[seed]), rust[seed].events.map(written), `seed ${seed}`)
  }
})

test('replies give the same text', async () => {
  const replies = SEEDS.map((seed) => generate.reply(generate.randomness(seed)))
  const rust = inRust({ replies }).replies
  for (const seed of SEEDS) {
    const { text } = await answer('application/json', replies[seed])
    assert.equal(text.toWellFormed(), rust[seed].text, `seed ${seed}`)
  }
})
