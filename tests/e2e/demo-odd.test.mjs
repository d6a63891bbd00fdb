/**
 * The demo page with malformed parts of answers, in a browser that forbids WebAssembly, and with code that does not load. The page
 * must never stay blank.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { connected, demoForTests, over, replay, textOf } from '../support/demo.mjs'

const demo = demoForTests()

/** Opens the page for a test that breaks it on purpose: React logs errors. */
async function openToBreak(t, prepare) {
  const page = await demo.browser.open('about:blank')
  t.after(() => page.context().close())
  await prepare?.(page)
  await page.goto(demo.server.sse)
  return page
}

test('parts of an answer in an unknown shape are shown as they are', async (t) => {
  const page = await demo.open(t)
  const odd = { odd: [1, null] }
  await replay(page, [
    ['ask', 'query', { question: 'Something odd' }],
    ['event', 'start', [null, 1, { agentName: odd, messages: [odd], instructions: odd, next: odd }]],
    ['event', 'agentReasoning', [{ agentName: odd, messages: odd, usedTools: odd, artifacts: [odd] }]],
    ['event', 'nextAgent', odd],
    ['event', 'nextAgentFlow', { nodeId: 'a', nodeLabel: odd, status: odd }],
    ['event', 'agentFlowExecutedData', [odd, { nodeId: 'a', nodeLabel: odd, data: { name: odd, output: odd, error: odd } }]],
    ['event', 'token', odd],
    ['event', 'token', 'Still here.'],
    ['event', 'tool', odd],
    ['event', 'usedTools', [odd, { tool: odd, toolInput: odd, toolOutput: odd, error: odd }, 5]],
    ['event', 'sourceDocuments', [{ pageContent: odd, metadata: { source: odd, title: odd, loc: { pageNumber: odd } } }, odd]],
    ['event', 'artifacts', [odd, { type: odd, data: odd }]],
    ['event', 'fileAnnotations', [odd, { fileName: odd }]],
    [
      'event',
      'action',
      {
        mapping: { toolCalls: odd },
        data: { nodeLabel: odd },
        elements: [odd, { label: 'No type' }, { type: 'approve-button', label: 'Yes' }],
      },
    ],
    ['event', 'usageMetadata', odd],
    ['event', 'metadata', { followUpPrompts: odd }],
    ['reply', 'reply', { finishReason: 'stop', usageMetadata: odd, thinking: odd }],
  ])
  const turn = await over(page, 0)
  assert.match(await textOf(turn), /Still here\./)
  assert.equal(await turn.getByText('This answer cannot be shown').count(), 0)
  assert.deepEqual(await turn.locator('.decision-buttons button').allInnerTexts(), ['Yes'])
})

test('an answer that cannot be rendered does not affect the others', async (t) => {
  const page = await openToBreak(t, (page) =>
    page.addInitScript(() => {
      const { findLast } = Array.prototype
      Array.prototype.findLast = function (...args) {
        if (this.some((item) => item?.label === 'Breaker')) throw new Error('broken on purpose')
        return findLast.apply(this, args)
      }
    }),
  )
  await connected(page)
  const reply = ['reply', 'reply', { finishReason: 'stop', text: 'Whole.' }]
  await replay(page, [
    ['ask', 'query', { question: 'One' }],
    reply,
    ['ask', 'query', { question: 'Two' }],
    ['event', 'nextAgent', 'Breaker'],
    reply,
    ['ask', 'query', { question: 'Three' }],
    reply,
  ])
  const third = await over(page, 2)
  assert.equal(await textOf(third), 'Whole.')
  assert.match(await page.locator('.turn').nth(1).innerText(), /cannot be shown[\s\S]*broken on purpose/)
})

test('code that fails to load is reported, and the settings can be reset', async (t) => {
  const page = await openToBreak(t, (page) => page.route('**/assets/Chat-*.js', (route) => route.abort()))
  const broken = page.getByRole('alert')
  await broken.getByText('The page cannot go on').waitFor()
  await page.evaluate(() => localStorage.setItem('flowise-stream.choice', '{}'))
  await page.unroute('**/assets/Chat-*.js')
  // an address may name a server, too
  await page.evaluate(() => history.replaceState(null, '', '?flow=no-such-flow'))
  await broken.getByRole('button', { name: 'Reset the settings' }).click()
  await connected(page)
  assert.deepEqual(await page.evaluate(() => [localStorage.getItem('flowise-stream.choice'), location.search]), [null, ''])
})

test('a page that may not run WebAssembly says so', async (t) => {
  const page = await openToBreak(t, (page) =>
    page.addInitScript(() => {
      WebAssembly.Module = class {
        constructor() {
          throw new WebAssembly.CompileError('refused by the policy of the page')
        }
      }
    }),
  )
  await page.getByText('WebAssembly does not run here').waitFor()
  assert.match(await page.locator('.notice').innerText(), /another browser/)
})
