/**
 * The real servers do what their recordings show: a scripted answer, the same events in the same order, the same errors.
 *
 * Fails where the servers are not installed: `node tests/flowise/install.mjs` does that.
 */

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startInTurn, starting } from '../support/stage.mjs'
import { serverFolder, VERSIONS } from './cache.mjs'
import { startModel } from './model.mjs'
import { recording } from './recordings.mjs'
import { startFlowise } from './servers.mjs'
import { predict, predictOverSocketIo, predictOverSse } from './streams.mjs'

/** Recordings, and the flow that each is of. A recording's question is asked again, and the same events come. */
const COMMON = {
  chain: 'chain',
  'chain-empty': 'chain',
  'chain-fast': 'chain',
  'chain-markup': 'chain',
  tool: 'tool',
  'tool-unused': 'tool',
  docs: 'docs',
  'docs-history': 'docs',
  team: 'team',
  'team-everyone': 'team',
  essay: 'essay',
  ask: 'ask',
  parser: 'parser',
  upload: 'files',
  'error-model': 'chain',
  'error-model-team': 'team',
  'error-midway': 'chain',
  'error-locked': 'locked'
}
const RECORDINGS = {
  '2.0.7': COMMON,
  '3.1.4': {
    ...COMMON,
    translator: 'translator',
    thinker: 'thinker',
    iterations: 'iterations',
    supervisor: 'supervisor',
    'supervisor-everyone': 'supervisor',
    'human-proceed-1': 'human',
    'human-proceed-2': 'human',
    'human-tool': 'human',
    'error-model-v2': 'translator',
    'error-midway-v2': 'translator'
  }
}

for (const version of VERSIONS) {
  const stream = version.startsWith('2.') ? predictOverSocketIo : predictOverSse

  describe(`Flowise ${version}`, () => {
    const model = starting(startModel)
    const server = starting(() => startFlowise(version, { model }))
    startInTurn([model], [server])

    const ping = async () => (await fetch(`${server.url}/api/v1/ping`)).text()

    test('answers a ping', async () => assert.equal(await ping(), 'pong'))

    test('a chain answers without streaming', async () => {
      const { status, body } = await predict(server, server.flows.chain, { question: 'say Hello, owls 🦉.' })
      assert.equal(status, 200)
      assert.equal(body.text, 'Hello, owls 🦉.')
    })

    for (const [name, flow] of Object.entries(RECORDINGS[version])) {
      test(`streams what the recording "${name}" shows`, async () => {
        const recorded = await recording(version, name)
        const { status, events, body } = await stream(server, server.flows[flow], recorded.question)
        assert.deepEqual(names(events), names(recorded.events), body?.message)
        assert.equal(textOf(events), textOf(recorded.events))
        assert.equal(status, recorded.status)
        assert.deepEqual([events, body].map(shapeOf), [recorded.events, recorded.body].map(shapeOf))
      })
    }

    test('an agent goes on when a person has approved its tool', async () => {
      const recorded = await recording(version, 'ask-yes')
      const { chatId } = recorded.question
      const { events } = await stream(server, server.flows.ask, { question: 'calculate 6*7', chatId })
      const [, action] = events.find(([name]) => name === 'action')
      const answered = await stream(server, server.flows.ask, { ...recorded.question, action })
      assert.deepEqual(names(answered.events), names(recorded.events))
    })

    test('the API key opens the locked flow', async () => {
      const headers = { authorization: `Bearer ${server.apiKey}` }
      const { body } = await predict(server, server.flows.locked, { question: 'say Open.' }, headers)
      assert.equal(body.text, 'Open.')
    })

    test('a second question within a minute is over the limit of the limited flow', async () => {
      assert.equal((await predict(server, server.flows.limited, { question: 'say First.' })).status, 200)
      const { status, body } = await predict(server, server.flows.limited, { question: 'say Second.' })
      assert.deepEqual([status, body], [429, 'Too many questions.'])
    })

    test('a page on another origin is refused by the flow that is for one site only', async () => {
      const { status } = await predict(server, server.flows.elsewhere, { question: 'Hi' }, { origin: 'https://other.example' })
      assert.equal(status, version.startsWith('2.') ? 401 : 403)
    })

    test('an abort is answered, and ends a team', async () => {
      const chatId = crypto.randomUUID()
      const running = stream(server, server.flows.team, { question: 'slow say One two three four five.', chatId })
      const headers = { authorization: `Bearer ${server.apiKey}` }
      const path = `/api/v1/chatmessage/abort/${server.flows.team}/${chatId}`
      let ended = false
      running.finally(() => (ended = true))
      // The run cannot be aborted before the server knows of it, and it says nothing of when it does.
      while (!ended) {
        const response = await fetch(server.url + path, { method: 'PUT', headers })
        assert.deepEqual(await response.json(), { status: 200, message: 'Chat message aborted' })
      }
      assert.ok(names((await running).events).includes('abort'))
    })

    test('a killed server is restarted on its port with its flows', async () => {
      await server.kill()
      await assert.rejects(ping)
      await server.restart()
      assert.equal(await ping(), 'pong')
      const { body } = await predict(server, server.flows.chain, { question: 'say Back again.' })
      assert.equal(body.text, 'Back again.')
    })

    test('a stopped server leaves nothing behind', async () => {
      assert.ok(existsSync(server.data))
      await server.stop()
      await assert.rejects(ping)
      assert.ok(!existsSync(server.data))
    })
  })
}

test('a version that is not installed, or not as it is described now, is named in the error', async (t) => {
  const cache = process.env.FLOWISE_STREAM_CACHE
  const empty = await mkdtemp(join(tmpdir(), 'flowise-stream-'))
  process.env.FLOWISE_STREAM_CACHE = empty
  t.after(async () => {
    if (cache === undefined) delete process.env.FLOWISE_STREAM_CACHE
    else process.env.FLOWISE_STREAM_CACHE = cache
    await rm(empty, { recursive: true })
  })
  const isRefused = () => assert.rejects(startFlowise('3.1.4', { model: { url: 'http://127.0.0.1:9' } }), /3\.1\.4 is not installed.*install\.mjs/)
  await isRefused()
  await mkdir(serverFolder('3.1.4'))
  await writeFile(join(serverFolder('3.1.4'), '.installed'), 'the stamp of another list of packages')
  await isRefused()
})

function names(events) {
  return events.map(([name]) => name)
}

/** A value with its ids, times and texts taken out: the types of all its members. */
function shapeOf(value) {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (value === null || typeof value !== 'object') return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]))
}

function textOf(events) {
  return events.filter(([name]) => name === 'token').map(([, token]) => token).join('')
}
