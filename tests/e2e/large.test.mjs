/**
 * Very large answers: one event of 64 MB, up to a million tokens.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { OWN } from '../support/browser.mjs'
import { stage } from '../support/stage.mjs'

// Each Socket.IO event is a packet and a task, and a connection without a ping for long is closed.
const TOKENS = { '2.0': 100_000, '3.1': 1_000_000 }
const MEGABYTES = 64

describe('large answers', () => {
  const { dev, open } = stage()

  const ask = async (t, { generation, flow, question, ...options }) => {
    const page = await open(t, '', OWN)
    return page.evaluate(
      async ({ url, chatflowId, question, options }) => {
        const { stream } = await import('flowise-stream')
        const { describe } = await import('/in-page.js')
        const run = stream({ question }, { url, chatflowId, ...options })
        let tokens = 0
        let characters = 0
        run.on('token', (token) => {
          tokens++
          characters += token.length
        })
        try {
          const { text, finishReason } = await run.result
          return { tokens, characters, length: text.length, finishReason, end: text.slice(-9) }
        } catch (error) {
          const { partial, ...more } = describe(error)
          return { tokens, characters, error: more, finishReason: partial?.finishReason }
        }
      },
      { url: dev.url(generation), chatflowId: flow, question: String(question), options }
    )
  }

  for (const generation of ['2.0', '3.1']) {
    test(`one event of ${MEGABYTES} MB arrives whole, with Flowise ${generation}`, { timeout: 120_000 }, async (t) => {
      const seen = await ask(t, { generation, flow: 'trouble-huge', question: MEGABYTES })
      assert.equal(seen.finishReason, 'stop', JSON.stringify(seen))
      assert.equal(seen.length, MEGABYTES * 1_000_000)
      assert.equal(seen.characters, MEGABYTES * 1_000_000)
    })

    test(`${TOKENS[generation]} tokens arrive, in order, with Flowise ${generation}`, { timeout: 240_000 }, async (t) => {
      const seen = await ask(t, { generation, flow: 'trouble-many', question: TOKENS[generation] })
      assert.equal(seen.finishReason, 'stop', JSON.stringify(seen))
      assert.equal(seen.tokens, TOKENS[generation])
      assert.equal(seen.length, seen.characters)
      assert.equal(seen.end, ` w${TOKENS[generation]} `.slice(-9))
    })
  }

  test('an event above `maxMessageBytes` is skipped, and the stream continues', async (t) => {
    const seen = await ask(t, { generation: '3.1', flow: 'trouble-huge', question: 2, maxMessageBytes: 1_000_000 })
    assert.equal(seen.finishReason, 'empty', JSON.stringify(seen))
    assert.equal(seen.tokens, 0)
  })
})
