/**
 * The demo page's inspector: received events, statistics and recordings.
 */

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

import { lastRows } from '../../www/src/inspector/rows.js'
import { ask, demoForTests, over, replay, textOf, type } from '../support/demo.mjs'
import { until } from '../support/until.mjs'

const demo = demoForTests()

/** Asks, and opens the inspector. */
async function inspect(t, question, path = '/') {
  const page = await demo.open(t, path)
  const turn = await ask(page, question)
  await page.getByRole('button', { name: 'Events', exact: true }).click()
  const inspector = page.getByRole('complementary', { name: 'Events' })
  await inspector.locator('.row').first().waitFor()
  return { page, turn, inspector }
}

const namesIn = (inspector) => inspector.locator('.row-name').allInnerTexts()

test('every event is listed with its payload, even those before the inspector was opened', async (t) => {
  const { inspector } = await inspect(t, 'sources, say One two.')
  const names = await namesIn(inspector)
  const inARow = names.filter((name, at) => name !== names[at - 1])
  assert.deepEqual(inARow, ['connect', 'query', 'start', 'token', 'sourceDocuments', 'metadata', 'end', 'reply'])
  await inspector.locator('.row', { hasText: 'sourceDocuments' }).getByRole('button').click()
  await inspector.locator('pre', { hasText: 'https://birds.example/owls' }).waitFor()
})

test('consecutive events of one name are one row with their joined text, which expands into each of them', async (t) => {
  const { inspector } = await inspect(t, 'say One two.')
  const row = inspector.locator('.row', { has: inspector.page().locator('.row-name', { hasText: /^token$/ }) })
  assert.equal(await row.count(), 1)
  assert.match(await row.innerText(), /×3\s+One two\.$/)
  await row.getByRole('button').click()
  await row.locator('.rows .row-payload').first().waitFor()
  assert.deepEqual(await row.locator('.rows .row-payload').allInnerTexts(), ['"One"', '" "', '"two."'])
})

test('the time of a row is relative to its question', async (t) => {
  const { page, inspector } = await inspect(t, 'say One.')
  await ask(page, 'say Two.')
  const runs = inspector.locator('.rows-frame > .rows')
  // What was before the first question, and two questions.
  assert.equal(await runs.count(), 3)
  for (const index of [1, 2]) assert.equal(await runs.nth(index).locator('time').first().innerText(), '0.000')
})

test('the focus returns to the button that opened the events', async (t) => {
  const { page, inspector } = await inspect(t, 'say One.')
  await inspector.getByRole('button', { name: 'Close the events' }).click()
  await inspector.waitFor({ state: 'detached' })
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Events')
})

test('the figures are those of the answer', async (t) => {
  const { inspector } = await inspect(t, 'slow say One two three.')
  const facts = await inspector.locator('.facts').innerText()
  assert.match(facts, /Flowise 3\.1/)
  assert.match(facts, /server-sent events/)
  assert.match(facts, /First token\s+\d/)
  assert.match(facts, /\d tokens\/s/)
})

test('events can be hidden by name, and shown again', async (t) => {
  const { inspector } = await inspect(t, 'say One two three.')
  const button = inspector.getByRole('button', { name: /^token \d/ })
  const isListed = async () => (await namesIn(inspector)).includes('token')
  await button.click()
  await until(async () => !(await isListed()))
  await button.click()
  await until(isListed)
})

test('the events can be cleared, and the next ones are listed', async (t) => {
  const { page, inspector } = await inspect(t, 'say One.')
  await inspector.getByRole('button', { name: 'Clear' }).click()
  await inspector.getByText('Ask something').waitFor()
  await ask(page, 'say Two.')
  await inspector.locator('.row.reply').waitFor()
  assert.equal(await inspector.locator('.row.ask').count(), 1)
})

test('a long list shows its last rows', () => {
  const runs = [{ key: 0, rows: ['a', 'b', 'c'] }, { key: 3, rows: ['d', 'e'] }]
  const rowsIn = (most) => lastRows(runs, most).map(({ rows }) => rows.join(''))
  assert.deepEqual([rowsIn(9), rowsIn(4), rowsIn(2), rowsIn(1)], [['abc', 'de'], ['bc', 'de'], ['de'], ['e']])
})

test('a recording is saved without key or address, and replayed from the file', async (t) => {
  const { page, inspector } = await inspect(t, 'everyone, with sources, say One two three.')
  const downloading = page.waitForEvent('download')
  await inspector.getByRole('button', { name: 'Save' }).click()
  const file = await (await downloading).path()
  const recording = JSON.parse(await readFile(file, 'utf8'))
  assert.equal(recording.generation, '3.1')
  assert.ok(recording.entries.some(({ name }) => name === 'agentReasoning'))
  // no id of the page, whose conversation goes on
  assert.deepEqual(recording.entries.find(({ kind }) => kind === 'ask').data, { question: 'everyone, with sources, say One two three.' })
  assert.ok(!JSON.stringify(recording).includes(new URL(demo.server.sse).host))

  await page.getByRole('button', { name: 'New chat' }).click()
  await page
    .getByLabel('Recording')
    .setInputFiles({ name: 'recording.json', mimeType: 'application/json', buffer: await readFile(file) })
  const replayed = await over(page, 0)
  assert.equal(await textOf(replayed), 'One two three.')
  assert.equal(await replayed.locator('.step-label').count(), 5)
  assert.equal(await replayed.locator('.source').count(), 2)
})

test('a failure is replayed as a failure', async (t) => {
  const { page, inspector } = await inspect(t, 'drop')
  await inspector.getByRole('button', { name: 'Replay' }).click()
  const replayed = await over(page, 1)
  assert.match(await replayed.innerText(), /The flow failed/)
})

test('a replay stops the running answer', async (t) => {
  const { page, inspector } = await inspect(t, 'say First.')
  await type(page, 'slow long 300')
  await page.locator('.markdown', { hasText: 'word2' }).waitFor()
  await inspector.getByRole('button', { name: 'Replay' }).click()
  const stopped = await over(page, 1)
  assert.equal(await stopped.getAttribute('data-status'), 'stopped')
  assert.equal(await textOf(await over(page, 2)), 'First.')
})

test('a file of another kind is refused with a reason, until a recording is opened', async (t) => {
  const { page, inspector } = await inspect(t, 'say One.')
  await page
    .getByLabel('Recording')
    .setInputFiles({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{}') })
  const problem = inspector.getByRole('alert')
  await problem.getByText('This file is no recording').waitFor()
  await replay(page, [['ask', 'query', { question: 'First' }], ['reply', 'reply', { finishReason: 'stop', text: 'One.' }]])
  await problem.waitFor({ state: 'detached' })
})
