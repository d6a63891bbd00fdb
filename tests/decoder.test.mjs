// `EventStreamDecoder` alone: its events, and what its callbacks may do.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
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

// The first test, because memory that others have freed would not have to grow.
test('memory that grows does no harm to the events after it, while a chunk is decoded or in the last call of a callback', () => {
  // There is always room for a part of this size, so memory grows after one was taken. Its message goes on.
  const part = encode('data:x'.padEnd(60 << 10, 'x'))
  const texts = Array.from({ length: 64 }, (_, index) => `w${index}`)
  const chunk = tokens(...texts)
  // all of them first, because a new one makes memory grow, too
  const decoders = texts.map(() => {
    const heard = []
    return { heard, decoder: new EventStreamDecoder((event, data) => heard.push(data)) }
  })
  for (const { heard, decoder } of decoders) {
    decoder.push(Buffer.concat([chunk, part]))
    assert.deepEqual(heard, texts)
  }
  const heard = []
  const [{ decoder: other }] = decoders
  const decoder = new EventStreamDecoder((event, data) => {
    heard.push(data)
    other.push(part)
  })
  decoder.push(chunk)
  assert.deepEqual(heard, texts)
  decoder.free()
  for (const each of decoders) each.decoder.free()
})

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
    // characters of three bytes, which no piece of the memory ends with, after a byte order mark
    texts.push(`\ufeff${'你'.repeat(length)}`)
  }
  const stream = encode(texts.map((text) => block('token', text)).join(''))
  for (const size of [1000, stream.length]) {
    assert.deepEqual(decode(stream, { size }), texts.map((text) => ['token', text.toWellFormed?.() === text ? text : JSON.parse(JSON.stringify(text))]))
  }
  for (const text of texts) assert.deepEqual(decode(encode(block('token', text))), [['token', text]])
})

test('data of every JSON type, extra members and unknown names arrive', () => {
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

test('an event type names JSON that is not a frame', () => {
  assert.deepEqual(decode(encode('event: tts_data\ndata: {"audioChunk":"A"}\n\n')), [['tts_data', { audioChunk: 'A' }]])
  assert.deepEqual(decode(encode('data: [1]\n\n')), [['message', [1]]])
})

test("an event type names text, as in the older stream of Flowise's documentation", () => {
  const stream = encode(
    [
      ['start', 'Once'],
      ['token', 'Once upon'],
      ['token', ' a time, 很久以前'],
      ['token', '42'],
      ['token', 'null'],
      ['token', '{}'],
      ['token', ' {'],
      ['token', '"'],
      ['token', '"quoted\\n"'],
      ['token', 'a\ndata: b'],
      ['token', '你'.repeat(5000)],
      ['error', '404'],
      ['error', '{"message":"no"}'],
      ['sourceDocuments', '[{"pageContent":"a"}]'],
      ['mood', 'happy'],
      ['usedTools', '[{'],
      ['token', '{"event":"token","data'],
      ['end', '[DONE]'],
    ].map(([event, data]) => `event: ${event}\ndata: ${data}\n\n`).join(''),
  )
  const expected = [
    ['start', 'Once'],
    ['token', 'Once upon'],
    ['token', ' a time, 很久以前'],
    ['token', '42'],
    ['token', 'null'],
    ['token', '{}'],
    ['token', ' {'],
    ['token', '"'],
    ['token', 'quoted\n'],
    ['token', 'a\nb'],
    ['token', '你'.repeat(5000)],
    ['error', '404'],
    ['error', { message: 'no' }],
    ['sourceDocuments', [{ pageContent: 'a' }]],
    ['mood', 'happy'],
    ['decode', '[{'],
    ['decode', '{"event":"token","data'],
    ['end', '[DONE]'],
  ]
  for (const size of [1, 100, stream.length]) assert.deepEqual(decode(stream, { size }), expected)
  for (const blocks of [['event: token\ndata: 42\n\n', 42], ['event: token\ndata: a 你\n\n', 'a 你']]) {
    assert.deepEqual(decode(encode(blocks[0])), [['token', `${blocks[1]}`]])
  }
})

test('events whose data has no meaning arrive with data that is not JSON', () => {
  for (const event of ['end', 'abort', 'tts_abort']) {
    for (const data of ['[DONE]', '"\\x"', `"${'x'.repeat(5000)}\\x"`]) {
      assert.deepEqual(decode(encode(`data:{"event":"${event}","data":${data}}\n\n`)), [[event, data]])
    }
    assert.deepEqual(decode(encode(`data:{"event":"${event}","data":"\\ud83d"}\n\n`)), [[event, '\ud83d']])
  }
})

test('halves of a surrogate pair in two tokens make one character', () => {
  const stream = encode('data:{"event":"token","data":"a\\ud83d"}\n\ndata:{"event":"token","data":"\\ude80b"}\n\n')
  assert.equal(decode(stream).map(([, text]) => text).join(''), 'a🚀b')
})

test('malformed and oversized messages are reported, and the stream continues', () => {
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

test('a control character within a string makes a message malformed', () => {
  for (let code = 0; code < 0x20; code++) {
    if (code === 0x0a || code === 0x0d) continue // they end the line
    for (const text of ['a', '\u00e9', 'a text that is longer than a block']) {
      const raw = `{"event":"token","data":"${text}${String.fromCharCode(code)}"}`
      const calls = [['token', 'before'], ['decode', raw], ['token', 'after']]
      assert.deepEqual(decode(encode(`${block('token', 'before')}data:${raw}\n\n${block('token', 'after')}`)), calls, String(code))
    }
  }
})

test('errors are FlowiseErrors', () => {
  const errors = []
  const decoder = new EventStreamDecoder(() => {}, { onError: (error) => errors.push(error) })
  decoder.push(encode('data:{\n\n'))
  decoder.free()
  assert.ok(isFlowiseError(errors[0]) && errors[0].cause instanceof SyntaxError)
})

test('a callback that throws does not stop the others', () => {
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

test('exceptions lose no event, wherever they are thrown and however the stream is cut', () => {
  // a small generator, so that a failure can be repeated
  let state = 7
  const random = (below) => (state = (state * 48_271) % 0x7fffffff) % below
  const texts = ['a', '', '你好', 'x'.repeat(40), '"\\n', '🚀 go', 'é'.repeat(5000)]
  for (const count of [5, 300, 2049, 6000, 12_000]) {
    const sent = Array.from({ length: count }, (_, index) => `${index} ${count > 6000 ? '' : texts[random(texts.length)]}`)
    const stream = encode(sent.map((text, index) => block(index % 9 ? 'token' : 'metadata', index % 9 ? text : [text])).join(''))
    for (const size of [stream.length, 300 << 10, 65_536, 1400, ...(count < 1000 ? [1] : [])]) {
      const throwing = new Set(Array.from({ length: 1 + random(20) }, () => random(count)))
      const seen = []
      const thrown = []
      const expected = []
      const decoder = new EventStreamDecoder((event, data) => {
        seen.push(event === 'token' ? data : data[0])
        if (throwing.has(seen.length - 1)) {
          expected.push(seen.length - 1)
          throw new Error(`${seen.length - 1}`)
        }
      })
      for (let at = 0; at < stream.length; at += size) {
        const first = expected.length
        try {
          decoder.push(stream.subarray(at, at + size))
          assert.equal(expected.length, first, 'an exception was swallowed')
        } catch (error) {
          thrown.push(Number(error.message))
          assert.equal(error.message, `${expected[first]}`, 'the first exception of a chunk is thrown')
        }
      }
      assert.deepEqual(seen, sent, `${count} events, ${size} bytes at a time`)
      assert.ok(thrown.length > 0)
      decoder.free()
    }
  }
})

test('exceptions lose nothing that callbacks have pushed', () => {
  const seen = []
  const decoder = new EventStreamDecoder((event, data) => {
    seen.push(data)
    if (data === 'a') for (const text of ['x', 'y', 'z']) decoder.push(tokens(text, `${text}${text}`))
    throw new Error(data)
  })
  assert.throws(() => decoder.push(tokens('a', 'b')), { message: 'a' })
  assert.deepEqual(seen, ['a', 'b', 'x', 'xx', 'y', 'yy', 'z', 'zz'])
  decoder.free()
})

test('a decoder works behind a Proxy, and has no public members', () => {
  // like Vue's `reactive` and MobX: members of the object are wrapped, too
  const deep = (object) =>
    new Proxy(object, {
      get(target, key, receiver) {
        const value = Reflect.get(target, key, receiver)
        return typeof value === 'object' && value !== null ? deep(value) : value
      },
    })
  const seen = []
  const decoder = new EventStreamDecoder((event, data) => seen.push(data))
  assert.deepEqual(Object.keys(decoder), [])
  const proxy = deep(decoder)
  proxy.push(tokens('a', 'b').subarray(0, -1))
  assert.equal(proxy.finish(), true)
  proxy.push(tokens('c'))
  proxy.free()
  assert.throws(() => decoder.push(tokens('d')), /freed/)
  assert.deepEqual(seen, ['a', 'c'])
})

test('a subclass may override push', () => {
  let bytes = 0
  const seen = []
  class Counting extends EventStreamDecoder {
    push(chunk) {
      bytes += chunk.length
      super.push(chunk)
    }
  }
  const decoder = new Counting((event, data) => seen.push(data))
  decoder.push(tokens('a'))
  assert.deepEqual([seen, bytes], [['a'], tokens('a').length])
  decoder.free()
})

test('push takes bytes, and nothing else', () => {
  const seen = []
  const decoder = new EventStreamDecoder((event, data) => seen.push(data))
  for (const chunk of ['data: a', undefined, null, [1], {}, new ArrayBuffer(8), new Uint16Array(4), new DataView(new ArrayBuffer(8))]) {
    assert.throws(() => decoder.push(chunk), { name: 'TypeError', message: /Uint8Array/ })
  }
  decoder.push(Buffer.from(tokens('a')))
  assert.deepEqual(seen, ['a'])
  decoder.free()
})

test('a callback may push: its chunk is decoded after the current one', () => {
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

test('a callback may free the decoder: nothing more is delivered', () => {
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

test('finish within a callback is refused, and does no harm', () => {
  const seen = []
  const decoder = new EventStreamDecoder((event, data) => {
    seen.push(data)
    decoder.finish()
  })
  assert.throws(() => decoder.push(tokens('a', 'b')), /finish/)
  assert.deepEqual(seen, ['a', 'b'])
  decoder.free()
})

test('finish reports an incomplete message, and a new stream may follow', () => {
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

test('an event of 64 MB arrives, and the next one reuses its memory', () => {
  const big = encode(block('artifacts', ['x'.repeat(64 << 20)]))
  for (let round = 0; round < 3; round++) {
    let length
    const decoder = new EventStreamDecoder((event, [text]) => (length = text.length))
    for (let at = 0; at < big.length; at += 65_536) decoder.push(big.subarray(at, at + 65_536))
    decoder.free()
    assert.equal(length, 64 << 20)
  }
})

test('text arrives where TextDecoder knows only UTF-8 and UTF-16, as in Node without ICU', () => {
  const text = 'a text that is too long to be built by hand'
  const script = `
    const { TextDecoder } = globalThis
    globalThis.TextDecoder = class extends TextDecoder {
      constructor(label = 'utf-8', options) {
        if (!/^utf-/.test(label)) throw new RangeError(label)
        super(label, options)
      }
    }
    const { EventStreamDecoder } = await import('flowise-stream')
    const decoder = new EventStreamDecoder((...call) => console.log(JSON.stringify(call)))
    decoder.push(new TextEncoder().encode(${JSON.stringify(block('token', text))}))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname, encoding: 'utf8' })
  assert.deepEqual(JSON.parse(printed), ['token', text])
})
