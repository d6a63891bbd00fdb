// `EventStreamDecoder`, alone: what it gives, and what its callbacks may do.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { EventStreamDecoder, isFlowiseError } from 'flowise-stream'

const encode = (text) => new TextEncoder().encode(text)
const block = (event, data, extra) => `message:\ndata:${JSON.stringify({ event, data, ...extra })}\n\n`
const tokens = (...texts) => encode(texts.map((text) => block('token', text)).join(''))

/** The calls of `onEvent` and `onError` for a stream, in pieces of a size. */
function decode(stream, { size = stream.length, ...options } = {}) {
  const calls = []
  const decoder = new EventStreamDecoder((...call) => calls.push(call.filter((argument) => argument !== undefined)), {
    onError: ({ code, raw }) => calls.push(raw === undefined ? [code] : [code, raw]),
    ...options,
  })
  for (let at = 0; at < stream.length; at += size) decoder.push(stream.subarray(at, at + size))
  decoder.finish()
  decoder.free()
  return calls
}

test('recorded streams give the events that were written, however they are cut', () => {
  const folder = join(import.meta.dirname, 'recordings/flowise-3.1.4')
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sse'))) {
    const stream = readFileSync(join(folder, file))
    const expected = stream.toString().split('\n').filter((line) => line.startsWith('data:')).map((line) => {
      const { event, data, ...extra } = JSON.parse(line.slice(5))
      return Object.keys(extra).length ? [event, data, extra] : [event, data]
    })
    for (const size of [1, 7, 100, 1400, stream.length]) assert.deepEqual(decode(stream, { size }), expected, `${file}, ${size}`)
  }
})

test('text of every kind and length arrives as JSON.parse gives it', () => {
  const texts = ['', 'a', 'é', '你好', '🚀', '\u0000\u001f', '"\\/\b\f\n\r\t', '\ufeff', '\u2028', '\u007f\u0080', '\ud83d', '\ude00x']
  for (const length of [15, 16, 17, 23, 24, 25, 4095, 4096, 4097, 70_000]) {
    texts.push('x'.repeat(length), 'é'.repeat(length), `${'x'.repeat(length)}"`, `${'x'.repeat(length)}\ud83d`)
  }
  const stream = encode(texts.map((text) => block('token', text)).join(''))
  for (const size of [1000, stream.length]) {
    assert.deepEqual(decode(stream, { size }), texts.map((text) => ['token', text.toWellFormed?.() === text ? text : JSON.parse(JSON.stringify(text))]))
  }
  for (const text of texts) assert.deepEqual(decode(encode(block('token', text))), [['token', text]])
})

test('data of every JSON type, further members and unknown names arrive', () => {
  for (const data of ['a', 1.5, true, false, null, [], {}, [{ a: '}"' }]]) {
    for (const name of ['token', 'metadata', 'somethingNew', '名字', '__proto__', 'constructor', 'toString']) {
      assert.deepEqual(decode(encode(block(name, data))), [[name, data]])
      assert.deepEqual(decode(encode(block(name, data, { duration: 2 }))), [[name, data, { duration: 2 }]])
    }
  }
  assert.equal({}.polluted, undefined)
  const [[, , extra]] = decode(encode('data:{"event":"a","data":1,"__proto__":{"polluted":1}}\n\n'))
  assert.deepEqual(Object.keys(extra), ['__proto__'])
  assert.equal({}.polluted, undefined)
})

test('an event type names JSON that is no frame', () => {
  assert.deepEqual(decode(encode('event: tts_data\ndata: {"audioChunk":"A"}\n\n')), [['tts_data', { audioChunk: 'A' }]])
  assert.deepEqual(decode(encode('data: [1]\n\n')), [['message', [1]]])
})

test('malformed and too long messages are reported, and the stream goes on', () => {
  const long = 'x'.repeat(200)
  const stream = encode(`data:[DONE\n\n${block('a', [1]).replace(']', '}')}${block('token', long)}${block('token', 'b')}`)
  for (const size of [1, stream.length]) {
    assert.deepEqual(decode(stream, { size, maxMessageBytes: 100 }), [
      ['decode', '[DONE'],
      ['decode', '{"event":"a","data":[1}}'],
      ['message-too-long'],
      ['token', 'b'],
    ])
  }
})

test('errors are FlowiseErrors', () => {
  const errors = []
  const decoder = new EventStreamDecoder(() => {}, { onError: (error) => errors.push(error) })
  decoder.push(encode('data:{\n\n'))
  decoder.free()
  assert.ok(isFlowiseError(errors[0]) && errors[0].cause instanceof SyntaxError)
})

test('a callback that throws keeps nothing from the others', () => {
  const seen = []
  const decoder = new EventStreamDecoder((event, data) => {
    seen.push(data)
    if (data === 'b' || data === 'c') throw new Error(data)
  })
  assert.throws(() => decoder.push(tokens('a', 'b', 'c', 'd')), { message: 'b' })
  decoder.push(tokens('e'))
  assert.throws(() => decoder.push(tokens('b')), { message: 'b' })
  assert.deepEqual(seen, ['a', 'b', 'c', 'd', 'e', 'b'])
  decoder.free()
})

test('a callback may push: the chunk comes after the one at hand', () => {
  const seen = []
  const chunk = tokens('x', 'y')
  const decoder = new EventStreamDecoder((event, data) => {
    seen.push(data)
    if (data === 'a') {
      decoder.push(chunk)
      chunk.fill(0)
    }
  })
  decoder.push(tokens('a', 'b'))
  assert.deepEqual(seen, ['a', 'b', 'x', 'y'])
  decoder.free()
})

test('a callback may free: nothing more is delivered', () => {
  const seen = []
  const decoder = new EventStreamDecoder((event, data) => {
    seen.push(data)
    if (data === 'b') decoder.free()
  })
  decoder.push(tokens('a', 'b', 'c'))
  assert.deepEqual(seen, ['a', 'b'])
  assert.throws(() => decoder.push(tokens('d')), /freed/)
  decoder.free()
  assert.equal(decoder.finish(), false)
})

test('finish within a callback is refused, and harmless', () => {
  const seen = []
  const decoder = new EventStreamDecoder((event, data) => {
    seen.push(data)
    decoder.finish()
  })
  assert.throws(() => decoder.push(tokens('a', 'b')), /finish/)
  assert.deepEqual(seen, ['a', 'b'])
  decoder.free()
})

test('finish tells of a message cut short, and a new stream may follow', () => {
  const seen = []
  const decoder = new EventStreamDecoder((event, data) => seen.push(data))
  decoder.push(tokens('a').subarray(0, -1))
  assert.equal(decoder.finish(), true)
  decoder.push(encode(`\ufeff${block('token', 'b')}`))
  assert.equal(decoder.finish(), false)
  assert.deepEqual(seen, ['b'])
  decoder.free()
})

test('decoders do not disturb each other, even when memory grows in a callback', () => {
  const outer = []
  const inner = []
  const big = encode(block('artifacts', ['x'.repeat(3 << 20)]))
  const decoder = new EventStreamDecoder((event, data) => {
    outer.push(data)
    const other = new EventStreamDecoder((event, [text]) => inner.push(text.length))
    other.push(big)
    other.free()
  })
  const texts = Array.from({ length: 20 }, (_, index) => `token ${index}`)
  decoder.push(tokens(...texts))
  assert.deepEqual(outer, texts)
  assert.deepEqual(inner, texts.map(() => 3 << 20))
  decoder.free()
})

test('an event of 64 MB arrives, and memory is used again for the next one', () => {
  const big = encode(block('artifacts', ['x'.repeat(64 << 20)]))
  for (let round = 0; round < 3; round++) {
    let length
    const decoder = new EventStreamDecoder((event, [text]) => (length = text.length))
    for (let at = 0; at < big.length; at += 65_536) decoder.push(big.subarray(at, at + 65_536))
    decoder.free()
    assert.equal(length, 64 << 20)
  }
})
