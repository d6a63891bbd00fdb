/**
 * The built package in a page, used like the Socket.IO snippet for Flowise, against both generations.
 */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { before, describe, test } from 'node:test'
import { promisify } from 'node:util'

import { OWN } from '../support/browser.mjs'
import { names, textOf } from '../support/in-page.js'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

const GENERATIONS = ['2.0', '3.1']

/** The component of the snippet; it writes its state into the page. */
const SNIPPET = `
import { createElement, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import socketIOClient, { query } from 'flowise-stream'

const { url, chatflowId } = Object.fromEntries(new URLSearchParams(location.search))
window.heard = []

function Chat() {
  const [socketIOClientId, setSocketIOClientId] = useState('')
  const [text, setText] = useState('')
  const [reply, setReply] = useState(null)

  useEffect(() => {
    const socket = socketIOClient(url, { chatflowId })

    socket.on('connect', () => {
      setSocketIOClientId(socket.id)
    })

    socket.on('start', () => {
      heard.push('start')
    })

    socket.on('token', (token) => {
      heard.push('token')
      setText((text) => text + token)
    })

    socket.on('sourceDocuments', (sourceDocuments) => {
      heard.push('sourceDocuments')
      console.log('sourceDocuments:', sourceDocuments.length)
    })

    socket.on('end', () => {
      heard.push('end')
    })

    return () => {
      if (socket) {
        socket.disconnect()
        setSocketIOClientId('')
      }
    }
  }, [])

  const ask = () =>
    query({ question: 'Hey, how are you?', socketIOClientId }).then((response) => {
      setReply(response)
    })

  return createElement('main', null,
    createElement('button', { onClick: ask, disabled: !socketIOClientId }, 'Ask'),
    createElement('output', null, text),
    createElement('pre', null, reply && JSON.stringify(reply)))
}

const root = createRoot(document.body)
root.render(createElement(Chat))
window.unmount = () => root.unmount()
`

describe('the package in a page', () => {
  const { site, dev, open, inPage } = stage({
    args: ['--speed', '20'],
    site: { packages: ['react', 'react-dom/client'], files: { '/snippet.js': SNIPPET } },
  })
  before(() => {
    site.serve(
      '/snippet.html',
      `<!doctype html><meta charset="utf-8">${site.importMap}<body></body><script type="module" src="/snippet.js"></script>`,
    )
  })

  test('importing only defines', async (t) => {
    const watch = () => {
      window.calls = []
      for (const name of ['Module', 'Instance', 'instantiate', 'instantiateStreaming', 'compile', 'compileStreaming', 'Memory']) {
        WebAssembly[name] = new Proxy(WebAssembly[name], {
          apply: () => calls.push(name),
          construct: () => calls.push(name) && {},
        })
      }
      window.fetch = () => calls.push('fetch')
      window.WebSocket = class {
        constructor() {
          calls.push('WebSocket')
        }
      }
    }
    site.serve('/watched.html', `<!doctype html><meta charset="utf-8"><script>(${watch})()</script>${site.importMap}<body></body>`)
    const page = await open(t, '/watched.html', OWN)
    const seen = await page.evaluate(async () => {
      const before = Object.keys(window)
      const names = Object.keys(await import('flowise-stream'))
      // except what Playwright adds to pages in Firefox
      const added = Object.keys(window).filter((name) => !before.includes(name) && !name.startsWith('__pw_'))
      return { names, calls, added }
    })
    assert.deepEqual(seen.calls, [])
    assert.deepEqual(seen.added, [])
    for (const name of ['default', 'connect', 'query', 'stream', 'fromResponse', 'Flowise', 'EventStreamDecoder', 'FlowiseError', 'isFlowiseError']) {
      assert.ok(seen.names.includes(name), `exports ${name}`)
    }
  })

  for (const [how, code] of [
    ['import', `const all = await import('flowise-stream')`],
    ['require', `const all = require('flowise-stream')`],
  ]) {
    test(`importing does nothing under Node either, by ${how}`, async () => {
      const flags = how === 'import' ? ['--input-type=module'] : ['--input-type=commonjs']
      const script = `delete globalThis.WebAssembly; ${code}; console.log(typeof all.default, typeof all.query)`
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, '-e', script], {
        cwd: new URL('..', import.meta.url),
      })
      assert.equal(stdout.trim(), 'function function')
      assert.equal(stderr, '')
    })
  }

  for (const generation of GENERATIONS) {
    describe(`with Flowise ${generation}`, () => {
      test('the snippet shows the answer as it arrives', async (t) => {
        const address = new URLSearchParams({ url: dev.url(generation), chatflowId: 'docs' })
        const page = await open(t, `/snippet.html?${address}`)
        await page.locator('button:enabled').click()
        const reply = JSON.parse(await page.locator('pre:not(:empty)').innerText())
        assert.equal(await page.locator('output').textContent(), reply.text)
        assert.equal(reply.finishReason, 'stop')
        assert.ok(reply.sourceDocuments.length > 0)
        // events and reply use different connections
        await page.waitForFunction(() => heard.includes('sourceDocuments'))
        const heard = await page.evaluate(() => heard.filter((event, at, all) => event !== all[at - 1]))
        assert.deepEqual([...new Set(heard)].sort(), ['end', 'sourceDocuments', 'start', 'token'])
        assert.equal(heard[0], 'start')

        await page.evaluate(() => unmount())
        // The server may notice closed connections a moment later.
        await until(async () => (await dev.connections(dev.url(generation))).socketIoClients === 0)
      })

      test('a socket is socket.io-client’s own, and exists at once', async (t) => {
        const seen = await inPage(t, generation, async ({ url }) => {
          const { default: connect } = await import('flowise-stream')
          const { next } = await import('/in-page.js')
          const { Manager, Socket } = await import('socket.io-client')
          const socket = connect(url, { chatflowId: 'chain' })
          const atOnce = {
            isSocket: socket instanceof Socket,
            isManager: socket.io instanceof Manager,
            active: socket.active,
            connected: socket.connected,
            members: Object.keys(socket).includes('query'),
          }
          // as a test of the page's own does
          socket.query = () => 'mocked'
          const mocked = socket.query()
          await next(socket, 'connect')
          const id = socket.id
          socket.disconnect()
          return { ...atOnce, id, after: socket.connected, mocked }
        })
        assert.match(seen.id, /^[\w-]{16,36}$/)
        assert.deepEqual(
          { ...seen, id: undefined },
          { isSocket: true, isManager: true, active: true, connected: false, members: false, id: undefined, after: false, mocked: 'mocked' }
        )
      })

      test('a query before `connect` waits for it', async (t) => {
        const { reply, connected } = await inPage(t, generation, async ({ url }) => {
          const { connect, query } = await import('flowise-stream')
          const socket = connect(url, { chatflowId: 'chain' })
          const { connected } = socket
          const reply = await query({ question: 'Hi', socketIOClientId: '' })
          socket.disconnect()
          return { reply, connected }
        })
        assert.equal(connected, false)
        assert.equal(reply.finishReason, 'stop')
        assert.equal(reply.streamed, true)
      })

      test('two queries on one socket run one after the other', async (t) => {
        const { events, replies } = await inPage(t, generation, async ({ url }) => {
          const { connect } = await import('flowise-stream')
          const { record } = await import('/in-page.js')
          const noted = (url, init) => {
            if (init.method === 'POST') events.push(['POST'])
            return fetch(url, init)
          }
          const socket = connect(url, { chatflowId: 'scripted', fetch: noted })
          const events = record(socket)
          const replies = await Promise.all(['say One.', 'say Two.'].map((question) => socket.query({ question })))
          socket.disconnect()
          return { events, replies }
        })
        assert.deepEqual(replies.map(({ text }) => text), ['One.', 'Two.'])
        assert.equal(textOf(events), 'One.Two.')
        assert.deepEqual(names(events.filter(([event]) => event === 'POST' || event === 'end')), ['POST', 'end', 'POST', 'end'])
      })

      test('a listener of the engine hears its packets until it is removed', async (t) => {
        const { heard, later } = await inPage(t, generation, async ({ url }) => {
          const { connect } = await import('flowise-stream')
          const { next } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'scripted' })
          await next(socket, 'connect')
          const { engine } = socket.io
          const heard = {}
          // one at a time: each of them has to be noticed
          for (const event of ['packet', 'heartbeat', 'message', 'data']) {
            heard[event] = 0
            const hear = (packet) => (event !== 'packet' || packet.type === 'message') && heard[event]++
            engine.on(event, hear)
            await socket.query({ question: 'say One two three.' })
            engine.off(event, hear)
          }
          const before = { ...heard }
          await socket.query({ question: 'say One two three.' })
          socket.disconnect()
          return { heard: before, later: heard }
        })
        // at least `start`, five tokens, `end`
        for (const [event, count] of Object.entries(heard)) assert.ok(count >= 7, `${count} times ${event}`)
        assert.deepEqual(later, heard)
      })

      test('a listener of the engine that is removed in mid-answer changes no order', async (t) => {
        const { text, last } = await inPage(t, generation, async ({ url }) => {
          const { connect } = await import('flowise-stream')
          const { evenFetch, next } = await import('/in-page.js')
          // the whole answer is one chunk
          const socket = connect(url, { chatflowId: 'scripted', fetch: evenFetch(300_000) })
          await next(socket, 'connect')
          let text = ''
          let last
          socket.on('token', (token) => (text += token))
          socket.onAny((event) => (last = event))
          socket.io.engine.once('message', () => {})
          await socket.query({ question: 'say One two three.' })
          socket.disconnect()
          return { text, last }
        })
        assert.equal(text, 'One two three.')
        if (generation === '3.1') assert.equal(last, 'end')
      })

      test('`off` and `once` behave like socket.io-client’s', async (t) => {
        const heard = await inPage(t, generation, async ({ url }) => {
          const { connect } = await import('flowise-stream')
          const socket = connect(url, { chatflowId: 'scripted' })
          const heard = { once: 0, off: 0, on: 0 }
          const off = () => heard.off++
          socket.once('token', () => heard.once++)
          socket.on('token', off)
          socket.off('token', off)
          socket.on('token', () => heard.on++)
          await socket.query({ question: 'say One two three.' })
          socket.disconnect()
          return heard
        })
        assert.equal(heard.once, 1)
        assert.equal(heard.off, 0)
        assert.ok(heard.on > 1)
      })

      test('the transport can be forced', async (t) => {
        const ask = async ({ url, transport }) => {
          const { connect } = await import('flowise-stream')
          const { next, outcome } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'scripted', transport })
          const refused = next(socket, 'connect_error').then(() => 'connect_error')
          const first = await Promise.race([next(socket, 'connect').then(() => 'connect'), refused])
          const { reply } = first === 'connect' ? await outcome(socket.query({ question: 'say Hello.' })) : {}
          const transportName = socket.io.engine?.transport?.name
          socket.disconnect()
          return { first, text: reply?.text, streamed: reply?.streamed, eventStream: transportName === 'event-stream' }
        }
        const [socketIo, sse] = [
          await inPage(t, generation, ask, { transport: 'socket.io' }),
          await inPage(t, generation, ask, { transport: 'sse' }),
        ]
        if (generation === '2.0') {
          assert.deepEqual(socketIo, { first: 'connect', text: 'Hello.', streamed: true, eventStream: false })
          // Such a server streams to Socket.IO clients only; the answer is whole all the same.
          assert.deepEqual(sse, { first: 'connect', text: 'Hello.', streamed: false, eventStream: true })
        } else {
          assert.equal(socketIo.first, 'connect_error')
          assert.deepEqual(sse, { first: 'connect', text: 'Hello.', streamed: true, eventStream: true })
        }
      })

      test('a server that is down causes a `connect_error`; when it is back, the socket connects and answers', async (t) => {
        const page = await open(t)
        await dev.kill()
        await page.evaluate(async (url) => {
          const { connect } = await import('flowise-stream')
          const { next, record } = await import('/in-page.js')
          window.socket = connect(url, { chatflowId: 'scripted', reconnectionDelay: 20, reconnectionDelayMax: 50 })
          window.events = record(socket)
          window.reply = socket.query({ question: 'say Back.' })
          await next(socket, 'connect_error')
          await next(socket.io, 'reconnect_attempt')
          await next(socket, 'connect_error')
        }, dev.url(generation))
        assert.deepEqual(await page.evaluate(async () => (await import('/in-page.js')).names(events)), ['connect_error'])
        await dev.start()
        const text = await page.evaluate(async () => {
          const { text } = await reply
          socket.disconnect()
          return text
        })
        assert.equal(text, 'Back.')
        assert.deepEqual(await page.evaluate(() => events.filter(([event]) => event === 'connect').length), 1)
      })

      test('`disconnect` during a query keeps the text so far', async (t) => {
        const { reply, connected } = await inPage(t, generation, async ({ url }) => {
          const { connect } = await import('flowise-stream')
          const { next } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'scripted' })
          const asked = socket.query({ question: 'slow long 500' })
          await next(socket, 'token')
          socket.disconnect()
          return { reply: await asked, connected: socket.connected }
        })
        assert.equal(connected, false)
        assert.equal(reply.finishReason, 'aborted')
        assert.match(reply.text, /^word1\b/)
        assert.ok(!reply.text.includes('word500'))
      })

      test('a server that disconnects the socket: the answer is whole, and the question in line is refused', async (t) => {
        const { first, second, connected } = await inPage(t, generation, async ({ url }) => {
          const { connect } = await import('flowise-stream')
          const { next, outcome } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'scripted' })
          const asked = ['slow say One two three.', 'say Never.'].map((question) => outcome(socket.query({ question })))
          await next(socket, 'token')
          // what the Manager hears when the packet DISCONNECT arrives
          socket.io.emit('packet', { type: 1, nsp: '/' })
          const { connected } = socket
          const [first, second] = await Promise.all(asked)
          return { first, second, connected }
        })
        assert.equal(connected, false)
        assert.deepEqual([first.reply?.text, first.reply?.finishReason], ['One two three.', 'stop'])
        assert.equal(second.error?.code, 'disconnected')
      })

      test('a server that refuses the socket is the error of a question', async (t) => {
        const { error } = await inPage(t, generation, async ({ url }) => {
          const { connect } = await import('flowise-stream')
          const { outcome } = await import('/in-page.js')
          const socket = connect(url, { chatflowId: 'scripted' })
          // what the Manager hears when the packet CONNECT_ERROR arrives, as a middleware of the server sends it
          socket.io.once('open', () => socket.io.emit('packet', { type: 4, nsp: '/', data: { message: 'not today' } }))
          return outcome(socket.query({ question: 'say Never.' }))
        })
        assert.deepEqual([error?.code, error?.message], ['connect', 'cannot connect: not today'])
      })
    })
  }
})
