/**
 * The React hook and the AI SDK's `useChat`, in Chromium against real Flowise servers of both generations.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { openFor } from '../support/browser.mjs'
import { bundlePage, pageOf } from '../support/bundle.mjs'
import { VERSIONS } from './cache.mjs'
import { stage } from './stage.mjs'

const { browser, site, servers } = stage({ site: { files: pages } })

async function pages() {
  const files = {}
  for (const page of ['react', 'ai']) {
    files[`/${page}.js`] = await bundlePage(new URL(`../e2e/pages/${page}.jsx`, import.meta.url).pathname)
    files[`/${page}`] = pageOf(`/${page}.js`)
  }
  return files
}

async function open(t, page, version, flow) {
  const search = new URLSearchParams({ url: servers[version].url, chatflowId: servers[version].flows[flow] })
  const opened = await openFor(t, browser, `${site.url}/${page}?${search}`)
  await opened.waitForFunction(() => window.chat)
  return opened
}

const textOf = ({ parts }) => parts.filter(({ type }) => type === 'text').map(({ text }) => text).join('')

for (const version of VERSIONS) {
  describe(`chats with Flowise ${version}`, () => {
    test('useFlowise shows an answer, and asks again', async (t) => {
      const page = await open(t, 'react', version, 'chain')
      const { first, again } = await page.evaluate(async () => {
        const first = await chat.send('say one two three')
        return { first, again: await chat.regenerate() }
      })
      for (const { text, finishReason } of [first, again]) assert.deepEqual([text, finishReason], ['one two three', 'stop'])
    })

    test('useFlowise resumes a sequential agent that asks a person', async (t) => {
      const page = await open(t, 'react', version, 'ask')
      const { asked, answer } = await page.evaluate(async () => {
        const asked = await chat.send('calculate 6*7')
        return { asked, answer: await chat.resume('proceed') }
      })
      assert.equal(asked.action.elements.length, 2)
      assert.ok(answer.usedTools.some(({ tool, toolOutput }) => tool === 'calculator' && toolOutput === '42'))
    })

    test('useChat shows an answer with its tools', async (t) => {
      const page = await open(t, 'ai', version, 'tool')
      await page.evaluate(() => chat.sendMessage({ text: 'calculate 6*7' }))
      await page.waitForFunction(() => chat.status === 'ready' && chat.messages.length === 2)
      const message = await page.evaluate(() => chat.messages[1])
      assert.match(textOf(message), /42/)
      assert.equal(message.parts.find(({ type }) => type === 'dynamic-tool').toolName, 'calculator')
      assert.ok(message.metadata.chatMessageId)
    })

    test('stop of useChat keeps the text', async (t) => {
      const page = await open(t, 'ai', version, 'chain')
      await page.evaluate(() => void chat.sendMessage({ text: 'long 100 slow' }))
      await page.waitForFunction(() => chat.messages[1]?.parts.some(({ type, text }) => type === 'text' && text.split(' ').length > 3))
      await page.evaluate(() => chat.stop())
      await page.waitForFunction(() => chat.status === 'ready')
      assert.ok(textOf(await page.evaluate(() => chat.messages[1])).length > 0)
    })
  })
}

describe('chats with Flowise 3.1.4 only', () => {
  test('useFlowise resumes an AgentFlow that asks a person', async (t) => {
    const page = await open(t, 'react', '3.1.4', 'human')
    const { asked, answer } = await page.evaluate(async () => {
      const asked = await chat.send('say Dear sir.')
      return { asked, answer: await chat.resume('reject', { feedback: 'Shorter, please.' }) }
    })
    assert.ok(asked.nodes.length > 1)
    assert.ok(answer.text.length > 0)
    assert.equal(answer.error, undefined)
  })
})
