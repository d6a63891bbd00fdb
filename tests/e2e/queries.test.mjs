/**
 * What a query settles with: one shape of reply from both generations, and errors that say what to do.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { names, textOf } from '../support/in-page.js'
import { stage } from '../support/stage.mjs'

describe('a query in a page', () => {
  const { inPage } = stage({ args: ['--speed', '20'] })

  for (const generation of ['2.0', '3.1']) {
    describe(`with Flowise ${generation}`, () => {
      for (const [what, chatflowId, question] of [
        ['a chain', 'chain', 'Hi'],
        ['retrieval', 'docs', 'Which birds hunt at night?'],
        ['a tool agent', 'tool', 'calculate 6*7'],
        ['a team', 'team', 'Hi'],
      ]) {
        test(`the reply of ${what} has one shape, and the tokens make its text`, async (t) => {
          const { reply, events } = await inPage(
            t,
            generation,
            async ({ url, chatflowId, question }) => {
              const { connect } = await import('flowise-stream')
              const { record } = await import('/in-page.js')
              const socket = connect(url, { chatflowId })
              const events = record(socket)
              const reply = await socket.query({ question })
              socket.disconnect()
              return { reply, events }
            },
            { chatflowId, question }
          )
          for (const key of ['text', 'chatId', 'chatMessageId', 'sessionId', 'finishReason']) {
            assert.equal(typeof reply[key], 'string', key)
          }
          assert.equal(reply.streamed, true)
          assert.equal(reply.finishReason, 'stop')
          for (const key of ['sourceDocuments', 'usedTools', 'agentReasoning']) {
            assert.ok(reply[key] === undefined || Array.isArray(reply[key]), key)
          }
          if (chatflowId !== 'team') assert.equal(textOf(events).trim(), reply.text.trim())
          const order = names(events)
          assert.equal(order[0], 'connect')
          assert.equal(order.at(-1), 'disconnect')
          assert.ok(order.includes('end'), order.join(' '))
          if (what === 'retrieval') assert.ok(reply.sourceDocuments[0].pageContent)
          if (what === 'a tool agent') assert.equal(reply.usedTools[0].tool, 'calculator')
          if (what === 'a team') assert.ok(reply.agentReasoning.length > 0)
        })
      }

      test('a flow that cannot stream gives the same shape, not streamed', async (t) => {
        const reply = await inPage(t, generation, async ({ url }) => {
          const { query } = await import('flowise-stream')
          return query({ question: 'say a, b, c' }, { url, chatflowId: 'parser' })
        })
        assert.equal(reply.streamed, false)
        assert.equal(reply.finishReason, 'stop')
        assert.equal(typeof reply.text, 'string')
        assert.equal(typeof reply.chatId, 'string')
      })

      test('a locked flow answers with its API key, and refuses without it', async (t) => {
        const { open, shut } = await inPage(t, generation, async ({ url, apiKey }) => {
          const { query } = await import('flowise-stream')
          const { outcome } = await import('/in-page.js')
          return {
            open: await outcome(query({ question: 'Hi' }, { url, chatflowId: 'locked', apiKey })),
            shut: await outcome(query({ question: 'Hi' }, { url, chatflowId: 'locked' })),
          }
        })
        assert.equal(open.reply?.finishReason, 'stop', JSON.stringify(open))
        assert.equal(shut.error.code, 'unauthorized')
        assert.match(shut.error.message, /apiKey/)
      })

      test('a missing or wrong argument gives an error that says what to do', async (t) => {
        const said = await inPage(t, generation, async ({ url }) => {
          const { connect, query, isFlowiseError } = await import('flowise-stream')
          const { outcome, describe } = await import('/in-page.js')
          const thrown = (call) => {
            try {
              call()
            } catch (error) {
              return { ...describe(error), isFlowiseError: isFlowiseError(error) }
            }
          }
          const socket = connect(url)
          const said = {
            'unknown socketIOClientId': await outcome(query({ question: 'Hi', socketIOClientId: 'nobody' })),
            'no chatflow': await outcome(socket.query({ question: 'Hi' })),
            'unknown chatflow': await outcome(socket.query({ question: 'Hi' }, { chatflowId: 'nothing' })),
            'no data': await outcome(socket.query(undefined, { chatflowId: 'chain' })),
            'not serialisable': await outcome(socket.query({ question: 1n }, { chatflowId: 'chain' })),
          }
          socket.disconnect()
          said['after disconnect'] = await outcome(socket.query({ question: 'Hi' }, { chatflowId: 'chain' }))
          said['no socket'] = await outcome(query({ question: 'Hi' }))
          said['bad URL'] = { error: thrown(() => connect('ftp://nowhere')) }
          said['password in the URL'] = { error: thrown(() => connect('http://me:secret@127.0.0.1')) }
          said['bad transport'] = { error: thrown(() => connect(url, { transport: 'pigeon' })) }
          return said
        })
        const expected = {
          'unknown socketIOClientId': ['config', /socketIOClientId/],
          'no chatflow': ['config', /chatflowId/],
          'unknown chatflow': ['not-found', /chatflowId/],
          'no data': ['config', /question/],
          'not serialisable': ['config', /JSON/],
          'after disconnect': ['disconnected', /connect\(\)/],
          'no socket': ['config', /connect/],
          'bad URL': ['config', /url/],
          'password in the URL': ['config', /password/],
          'bad transport': ['config', /transport/],
        }
        assert.deepEqual(Object.keys(said), Object.keys(expected))
        for (const [what, [code, advice]] of Object.entries(expected)) {
          const { error } = said[what]
          assert.deepEqual([error?.isError, error?.name, error?.code], [true, 'FlowiseError', code], `${what}: ${JSON.stringify(said[what])}`)
          assert.match(error.message, advice, what)
          assert.ok(!error.message.includes('secret'))
        }
      })
    })
  }
})
