/**
 * The same bytes through the browser's own EventSource and through the package's decoder give the same messages.
 */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'

import { ENGINE } from '../support/engines/engine.mjs'
import { listen } from '../support/listen.mjs'
import { stage } from '../support/stage.mjs'

const RECORDINGS = new URL('../recordings/flowise-3.1.4/', import.meta.url)
const SEEDS = 150

const LINE_ENDS = ['\n', '\r', '\r\n']
const FIELDS = ['data', 'data:', 'data: ', 'data:  ', 'event: a', 'event:b', 'event: token', 'event: start', 'event', 'event:', ':', ':heartbeat', ': data: "no"', 'id: 7', 'id', 'retry: 1', 'retry: x', 'message:', 'message', 'Data: 1', ' data: 2', 'data : 3', '\ufeffdata: 4', '']
const VALUES = ['"text"', '{"event":"token","data":"Hi"}', '{"event":"a","data":{"deep":[1]},"more":true}', '1', 'null', '[', 'not JSON', '"naïve 你好 🎉 \u2028"', '"\\ud83d\\ude00"', '', '{"data":"no name"}', '"a: b"', '{"event":"token","data":"\ufeffa byte order mark before 你好"}']
// Firefox's EventSource drops U+0000; the standard keeps it.
if (ENGINE !== 'firefox') VALUES.push('\u0000')

/** A pseudo-random generator with a fixed sequence for each seed. */
function random(seed) {
  let state = seed * 2654435761 + 1
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
  return { below: (most) => Math.floor(next() * most), of: (list) => list[Math.floor(next() * list.length)] }
}

/** A random stream with valid and invalid parts. */
function stream(seed) {
  const pick = random(seed)
  const pieces = pick.below(4) === 0 ? ['\ufeff'] : []
  const end = pick.of(LINE_ENDS)
  const lineEnd = () => (pick.below(5) === 0 ? pick.of(LINE_ENDS) : end)
  for (let message = 0; message < 12; message++) {
    for (let line = pick.below(4); line >= 0; line--) {
      const field = pick.of(FIELDS)
      pieces.push(field, field.startsWith('data') && field !== 'data' ? pick.of(VALUES) : '', lineEnd())
    }
    if (pick.below(8) > 0) pieces.push(lineEnd())
    // Bytes that are not UTF-8.
    if (pick.below(10) === 0) pieces.push(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0x22, 0xf0, 0x9f, 0x22, 0xff, 0x0a, 0x0a]))
  }
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)))
}

/** Both lists of messages. Runs in the page. */
async function decode(url) {
  const { EventStreamDecoder } = await import('flowise-stream')
  const theirs = []
  const source = new EventSource(url)
  await new Promise((resolve) => {
    for (const type of ['message', 'a', 'b', 'token', 'start']) source.addEventListener(type, ({ data }) => theirs.push([type, data]))
    source.addEventListener('error', resolve)
  })
  source.close()

  const ours = []
  const decoder = new EventStreamDecoder((event, data, extra) => ours.push(extra ? [event, data, extra] : [event, data]), {
    onError: ({ raw }) => ours.push(['not JSON', raw]),
  })
  const reader = (await fetch(url)).body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    decoder.push(value)
  }
  decoder.finish()
  decoder.free()

  const isText = (type) => type === 'token' || type === 'start'
  const expected = theirs.map(([type, text]) => {
    let value
    try {
      value = JSON.parse(text)
    } catch {
      // the older form of Flowise's streams: the event's name is the type, and its text the data
      const isPlain = type !== 'message' && !(isText(type) ? /^\{"event"/ : /^[{[]/).test(text)
      return isPlain ? [type, text] : ['not JSON', text]
    }
    if (typeof value?.event !== 'string') {
      // in that form, the text of a token may look like any JSON, and what `start` says may look like a number
      const isPlain = type === 'token' || (type === 'start' && Object(value) !== value)
      return [type, isPlain && typeof value !== 'string' ? text : value]
    }
    const { event, data, ...extra } = value
    return Object.keys(extra).length > 0 ? [event, data, extra] : [event, data]
  })
  return { ours, expected }
}

describe('the decoder and the browser’s EventSource', () => {
  const { open } = stage()
  const streams = new Map()
  let server, url

  before(async () => {
    for (const file of readdirSync(RECORDINGS).filter((file) => file.endsWith('.sse'))) {
      streams.set(`/${file}`, readFileSync(new URL(file, RECORDINGS)))
    }
    for (let seed = 0; seed < SEEDS; seed++) streams.set(`/${seed}`, stream(seed))
    const paced = createServer(async (request, response) => {
      const bytes = streams.get(new URL(request.url, 'http://localhost').pathname)
      response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*', 'cache-control': 'no-store' })
      const { below } = random(bytes.length)
      for (let at = 0; at < bytes.length; ) {
        const length = 1 + below(200)
        response.write(bytes.subarray(at, at + length))
        at += length
        await new Promise(setImmediate)
      }
      response.end()
    })
    server = await listen(paced)
    url = server.url
  })
  after(() => server?.stop())

  test('agree on every recorded stream', async (t) => {
    const page = await open(t)
    const recorded = [...streams.keys()].filter((path) => path.endsWith('.sse'))
    assert.ok(recorded.length > 20)
    for (const path of recorded) {
      const { ours, expected } = await page.evaluate(decode, url + path)
      assert.deepEqual(ours, expected, path)
      assert.ok(ours.length > 0, path)
    }
  })

  test(`agree on ${SEEDS} random streams, valid and invalid`, async (t) => {
    const page = await open(t)
    let messages = 0
    for (let seed = 0; seed < SEEDS; seed++) {
      const { ours, expected } = await page.evaluate(decode, `${url}/${seed}`)
      assert.deepEqual(ours, expected, `seed ${seed}: ${JSON.stringify(streams.get(`/${seed}`).toString())}`)
      messages += ours.length
    }
    assert.ok(messages > SEEDS)
  })
})
