/**
 * `flowise-stream/ag-ui` in Chromium: AG-UI's own agent runs the flows of both generations.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { bundlePage, pageOf } from '../support/bundle.mjs'
import { stage } from '../support/stage.mjs'

const { dev, open: openPage } = stage({
  site: {
    files: async () => ({ '/ag-ui.js': await bundlePage(new URL('pages/ag-ui.js', import.meta.url).pathname), '/ag-ui': pageOf('/ag-ui.js') }),
  },
})

for (const generation of ['3.1', '2.0']) {
  test(`an agent streams from Flowise ${generation}, in one conversation`, async (t) => {
    const page = await open(t, { generation })
    const { messages, events, threadId } = await page.evaluate(() => run('say one two three'))
    assert.equal(messages.at(-1).content, 'one two three')
    assert.ok(events.filter(({ type }) => type === 'TEXT_MESSAGE_CONTENT').length > 3)
    assert.equal(events.at(-1).result.chatId, threadId)
    await dev.clear()
    const next = await page.evaluate(() => run('calculate 6*7'))
    assert.deepEqual(next.messages.filter(({ role }) => role === 'tool').map(({ content }) => content), ['42'])
    const [{ body }] = (await dev.log('/prediction/')).filter(({ method }) => method === 'POST')
    assert.equal(JSON.parse(body).chatId, threadId)
  })
}

test('the nodes of an AgentFlow are steps, and each of them finishes', async (t) => {
  const page = await open(t, { chatflowId: 'supervisor' })
  const { events } = await page.evaluate(() => run('Hello'))
  const steps = (type) => events.filter((event) => event.type === type).map(({ stepName }) => stepName)
  assert.ok(steps('STEP_STARTED').length > 1)
  assert.deepEqual(steps('STEP_STARTED').toSorted(), steps('STEP_FINISHED').toSorted())
})

for (const [chatflowId, question] of [['human', 'say Dear sir.'], ['ask', 'calculate 6*7']]) {
  test(`${chatflowId}: a decision is an interrupt, whose answer goes on with the flow`, async (t) => {
    const page = await open(t, { chatflowId })
    const { interrupts } = await page.evaluate((question) => run(question), question)
    assert.equal(interrupts.length, 1)
    const resume = [{ interruptId: interrupts[0].id, status: 'resolved', payload: { approved: true } }]
    const { events, interrupts: left } = await page.evaluate((resume) => run(undefined, resume), resume)
    assert.deepEqual([events.at(-1).type, events.at(-1).outcome.type, left], ['RUN_FINISHED', 'success', []])
    assert.ok(events.some(({ type }) => type === 'TEXT_MESSAGE_CONTENT'))
  })
}

test('a failure ends the run with its code', async (t) => {
  const page = await open(t)
  const { events, messages } = await page.evaluate(() => run('drop'))
  assert.deepEqual([events.at(-1).type, events.at(-1).code], ['RUN_ERROR', 'server'])
  assert.equal(messages.at(-1).content, 'You asked: “drop”')
})

function open(t, { generation = '3.1', chatflowId = 'scripted' } = {}) {
  const search = new URLSearchParams({ url: dev.url(generation), chatflowId })
  return openPage(t, `/ag-ui?${search}`).then(async (page) => {
    await page.waitForFunction(() => window.run)
    return page
  })
}
