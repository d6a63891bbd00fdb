/**
 * The calls of a chat page other than questions, in Chromium against the dev server.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { testCalls } from '../support/calls.mjs'
import { DevServer } from '../support/dev-server.mjs'
import { stage, startForTests } from '../support/stage.mjs'

const { dev, open } = stage()
const closed = new DevServer(['--cors-origins', ''])
startForTests(closed)

describe('the calls of a chat page', () => {
  testCalls({
    open,
    at: (flow) => ({ url: dev.sse, chatflowId: flow === 'chain' ? 'scripted-chain' : flow }),
    closed: (flow) => ({ url: closed.sse, chatflowId: flow }),
    noSpeech: /text not provided/,
  })

  test('speech arrives as events with the recorded audio', async (t) => {
    const page = await open(t)
    const { events, size, riff } = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const events = []
      const sound = []
      for await (const { event, data } of new Flowise(options).speak('three short words', { chatMessageId: 'message' })) {
        events.push(event)
        if (event === 'tts_data') sound.push(atob(data.audioChunk))
      }
      return { events, size: sound.join('').length, riff: sound.join('').slice(0, 4) }
    }, { url: dev.sse, chatflowId: 'scripted' })
    assert.equal(events[0], 'tts_start')
    assert.equal(events.at(-1), 'tts_end')
    assert.deepEqual([riff, size], ['RIFF', 44 + 3 * 640 * 2])
  })

  test('a call ends with its signal', async (t) => {
    const page = await open(t)
    const code = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      return new Flowise({ ...options, signal: AbortSignal.abort() }).chatbotConfig().catch((error) => error.code)
    }, { url: dev.sse, chatflowId: 'scripted' })
    assert.equal(code, 'disconnected')
  })

  for (const when of ['fires while it arrives', 'has fired']) {
    test(`speech whose signal ${when} ends, without an error`, async (t) => {
      const page = await open(t)
      const heard = await page.evaluate(async ({ options, when }) => {
        const { Flowise } = await import('flowise-stream')
        const controller = new AbortController()
        if (when === 'has fired') controller.abort()
        const speech = new Flowise(options).speak('three short words', { chatMessageId: 'message', signal: controller.signal })
        const heard = []
        speech.onAny((event) => {
          heard.push(event)
          controller.abort()
        })
        await speech.result
        return heard
      }, { options: { url: dev.sse, chatflowId: 'scripted' }, when })
      assert.deepEqual(heard, when === 'fires while it arrives' ? ['tts_start'] : [])
    })
  }

  test('a reply that does not list every file is a `protocol` error', async (t) => {
    const page = await open(t)
    const code = await page.evaluate(async (options) => {
      const { Flowise } = await import('flowise-stream')
      const flowise = new Flowise({ ...options, fetch: async () => Response.json([]) })
      const file = new File(['text'], 'a.txt', { type: 'text/plain' })
      return flowise.upload(file, { chatId: 'chat' }).then(JSON.stringify, (error) => error.code)
    }, { url: dev.sse, chatflowId: 'files' })
    assert.equal(code, 'protocol')
  })
})
