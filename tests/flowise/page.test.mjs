/**
 * One page, the built package, and real Flowise servers of both generations: they behave like the dev server.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { openFor } from '../support/browser.mjs'
import { names, textOf } from '../support/in-page.js'
import { VERSIONS } from './cache.mjs'
import { recording } from './recordings.mjs'
import { stage } from './stage.mjs'

/** What a page asks, by the recording of the same question, and what its reply has besides text. */
const COMMON = [
  { name: 'chain', flow: 'chain' },
  { name: 'chain-markup', flow: 'chain' },
  { name: 'chain-fast', flow: 'chain' },
  { name: 'chain-empty', flow: 'chain', finishReason: 'empty' },
  { name: 'tool', flow: 'tool', has: (reply) => assert.equal(reply.usedTools[0].tool, 'calculator') },
  { name: 'tool-unused', flow: 'tool' },
  { name: 'docs', flow: 'docs', has: (reply) => assert.ok(reply.sourceDocuments.every(({ pageContent }) => pageContent)) },
  { name: 'docs-history', flow: 'docs', has: (reply) => assert.ok(reply.sourceDocuments.length > 0) },
  { name: 'team', flow: 'team', has: (reply) => assert.ok(reply.agentReasoning.length > 1) },
  { name: 'team-everyone', flow: 'team', has: (reply) => assert.ok(reply.agentReasoning.length > 2) },
  { name: 'essay', flow: 'essay', has: (reply) => assert.ok(reply.agentReasoning.length > 1) },
  { name: 'upload', flow: 'files' },
]
const CASES = {
  '2.0.7': COMMON,
  '3.1.4': [
    ...COMMON,
    { name: 'translator', flow: 'translator', has: (reply) => assert.ok(reply.agentFlowExecutedData.length > 1) },
    { name: 'thinker', flow: 'thinker', has: (reply) => assert.match(reply.thinking, /^Let me think/) },
    { name: 'iterations', flow: 'iterations', has: (reply) => assert.ok(reply.agentFlowExecutedData.length > 1) },
    { name: 'supervisor', flow: 'supervisor', has: (reply) => assert.ok(reply.agentFlowExecutedData.length > 2) },
  ],
}

/** Flows whose abort has a way of its own on the server. */
const ABORTED = { '2.0.7': ['chain', 'tool', 'team'], '3.1.4': ['chain', 'tool', 'team', 'translator'] }

const { browser, site, model, servers } = stage()

/** Asks as the snippet does, on a socket of its own. */
async function ask({ url, chatflowId, apiKey, data }) {
  const { connect } = await import('flowise-stream')
  const { outcome, record } = await import('/in-page.js')
  const socket = connect(url, { chatflowId, apiKey })
  const events = record(socket)
  const settled = await outcome(socket.query(data))
  socket.disconnect()
  return { ...settled, events: events.filter(([event]) => !['connect', 'disconnect'].includes(event)) }
}

for (const version of VERSIONS) {
  describe(`a page and Flowise ${version}`, () => {
    const address = (flow) => ({ url: servers[version].url, chatflowId: servers[version].flows[flow] ?? flow })
    const asks = async (t, flow, data, more) => {
      const page = await openFor(t, browser, site.url)
      return page.evaluate(ask, { ...address(flow), data, ...more })
    }

    for (const { name, flow, finishReason = 'stop', has } of CASES[version]) {
      test(`the page sees what the recording "${name}" shows`, async (t) => {
        const recorded = await recording(version, name)
        const { streaming: _, chatId: __, ...data } = recorded.question
        const { reply, error, events } = await asks(t, flow, data)
        assert.equal(error, undefined)
        assert.deepEqual(names(events), names(recorded.events))
        assert.equal(textOf(events), textOf(recorded.events))
        assert.equal(reply.text, recorded.body?.text ?? textOf(recorded.events))
        assert.equal(reply.finishReason, finishReason)
        assert.equal(reply.streamed, true)
        for (const key of ['chatId', 'chatMessageId', 'sessionId']) assert.equal(typeof reply[key], 'string', key)
        has?.(reply)
      })
    }

    test('a flow that cannot stream answers in the same shape', async (t) => {
      const { question, body } = await recording(version, 'parser')
      const { reply, error } = await asks(t, 'parser', { question: question.question })
      assert.equal(error, undefined)
      assert.deepEqual(reply.json, body.json)
      assert.equal(reply.text, JSON.stringify(body.json))
      assert.equal(reply.streamed, false)
    })

    test('an agent that asks first goes on when the person has approved', async (t) => {
      const asked = await asks(t, 'ask', { question: 'calculate 6*7' })
      assert.ok(asked.reply?.action, JSON.stringify(asked.error))
      const { action, chatId } = asked.reply
      const answered = await asks(t, 'ask', { question: action.mapping.approve, chatId, action })
      assert.equal(answered.reply?.finishReason, 'stop', JSON.stringify(answered.error))
      assert.match(JSON.stringify(answered.reply.agentReasoning), /The answer is 42/)
    })

    if (version === '3.1.4') {
      test('an AgentFlow v2 waits for a person, and goes on with `humanInput`', async (t) => {
        const asked = await asks(t, 'human', { question: 'say Mail it.' })
        assert.ok(asked.reply?.action, JSON.stringify(asked.error))
        const { action, chatId } = asked.reply
        const humanInput = { type: 'proceed', startNodeId: action.data.nodeId, feedback: '' }
        const answered = await asks(t, 'human', { question: '', chatId, humanInput })
        assert.equal(answered.reply?.finishReason, 'stop', JSON.stringify(answered.error))
        assert.ok(answered.reply.agentFlowExecutedData.length > 0)
      })
    }

    for (const flow of ABORTED[version]) {
      test(`an answer of "${flow}" can be stopped, and what has come is kept`, async (t) => {
        const page = await openFor(t, browser, site.url)
        // A team sends its text whole at the end: its first event is as good a moment.
        const isTeam = flow === 'team'
        const { stopped, reply } = await page.evaluate(
          async ({ url, chatflowId, apiKey, isTeam }) => {
            const { stream } = await import('flowise-stream')
            const run = stream({ question: 'slow long 100' }, { url, chatflowId, apiKey })
            await new Promise((resolve) => {
              run.on('token', (token) => token && resolve())
              if (isTeam) for (const event of ['start', 'agentReasoning']) run.on(event, resolve)
            })
            const stopped = await run.abort()
            return { stopped, reply: await run.result }
          },
          { ...address(flow), apiKey: servers[version].apiKey, isTeam }
        )
        assert.deepEqual(stopped, { reached: true })
        assert.equal(reply.finishReason, 'aborted')
        if (!isTeam) assert.match(reply.text, /^w0/)
        // What else is stopped ends after the step that runs, or not at all.
        if (flow === 'translator') assert.equal(await model.answers.at(-1), 'cut')
      })
    }

    test('a stop that the server refuses still ends the answer, and says why', { skip: version !== '2.0.7' }, async (t) => {
      const page = await openFor(t, browser, site.url)
      const { stopped, reply } = await page.evaluate(async ({ url, chatflowId }) => {
        const { stream } = await import('flowise-stream')
        const { describe } = await import('/in-page.js')
        const run = stream({ question: 'slow long 100' }, { url, chatflowId })
        await new Promise((resolve) => run.on('token', (token) => token && resolve()))
        const { reached, error } = await run.abort()
        return { stopped: { reached, error: describe(error) }, reply: await run.result }
      }, address('chain'))
      assert.equal(stopped.reached, false)
      assert.equal(stopped.error.code, 'unauthorized')
      assert.match(stopped.error.message, /3\.1\.0/)
      assert.equal(reply.finishReason, 'aborted')
      assert.match(reply.text, /^w0/)
    })

    for (const { what, flow, question, code, status, text, says } of [
      { what: 'a model that refuses', flow: 'chain', question: 'fail', code: 'server', text: '', says: /401/ },
      { what: 'a model whose connection breaks', flow: 'chain', question: 'drop', code: 'server', text: /^\S+\s/ },
      { what: 'an unknown chatflow', flow: '00000000-0000-4000-8000-000000000000', question: 'Hi', code: 'not-found', says: /chatflowId/ },
      { what: 'an impossible chatflow', flow: 'nothing', question: 'Hi', code: 'not-found', says: /chatflowId/ },
      { what: 'a locked flow without a key', flow: 'locked', question: 'Hi', code: 'unauthorized', says: /apiKey/ },
    ]) {
      test(`${what} is an error of the code "${code}"`, async (t) => {
        const { error, reply } = await asks(t, flow, { question })
        assert.equal(error?.code, code, JSON.stringify(reply ?? error))
        assert.equal(error.partial.finishReason, 'error')
        if (says) assert.match(error.message, says)
        if (status) assert.equal(error.status, status)
        if (typeof text === 'string') assert.equal(error.partial.text, text)
        else if (text) assert.match(error.partial.text, text)
      })
    }

    test('a wrong key is refused, and not shown', async (t) => {
      const { error } = await asks(t, 'locked', { question: 'Hi' }, { apiKey: 'wrong-secret' })
      assert.equal(error?.code, 'unauthorized')
      assert.ok(!JSON.stringify(error).includes('wrong-secret'))
    })

    test('the right key opens', async (t) => {
      const { reply } = await asks(t, 'locked', { question: 'say Open.' }, { apiKey: servers[version].apiKey })
      assert.equal(reply?.text, 'Open.')
    })

    test('a second question within a minute is over the limit', async (t) => {
      const { reply } = await asks(t, 'limited', { question: 'say First.' })
      assert.equal(reply?.text, 'First.')
      const { error } = await asks(t, 'limited', { question: 'say Second.' })
      assert.deepEqual([error?.code, error?.status], ['rate-limited', 429])
      assert.match(error.message, /Too many questions/)
    })

    test('a page of a forbidden origin is told so', async (t) => {
      const { error } = await asks(t, 'elsewhere', { question: 'Hi' })
      assert.ok(['forbidden', 'cors'].includes(error?.code), JSON.stringify(error))
      assert.match(error.message, /origin/)
    })

    test('a server that is killed during an answer interrupts it; when it is back, the socket answers', async (t) => {
      const page = await openFor(t, browser, site.url)
      await page.evaluate(async ({ url, chatflowId }) => {
        const { connect } = await import('flowise-stream')
        const { outcome, record } = await import('/in-page.js')
        window.socket = connect(url, { chatflowId, reconnectionDelay: 100, reconnectionDelayMax: 500, timeouts: { connect: 0 } })
        window.events = record(socket)
        window.asked = outcome(socket.query({ question: 'slow long 100' }))
        await new Promise((resolve) => socket.on('token', (token) => token && resolve()))
      }, address('chain'))
      await servers[version].kill()
      const { error } = await page.evaluate(() => asked)
      assert.equal(error?.code, 'interrupted', JSON.stringify(error))
      assert.equal(error.partial.finishReason, 'interrupted')
      assert.match(error.partial.text, /^w0/)
      const next = page.evaluate(async () => {
        const { text } = await socket.query({ question: 'say Back.' })
        socket.disconnect()
        return { text, events }
      })
      await servers[version].restart()
      const { text, events } = await next
      assert.equal(text, 'Back.')
      const connections = names(events).filter((event) => ['connect', 'disconnect'].includes(event))
      assert.deepEqual(connections, ['connect', 'disconnect', 'connect', 'disconnect'])
    })
  })
}
