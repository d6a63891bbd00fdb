/**
 * The demo page's inspector: received events, statistics and recordings.
 */

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

import { ask, demoForTests, over, textOf, type } from '../support/demo.mjs'

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

test('events can be hidden by name', async (t) => {
  const { inspector } = await inspect(t, 'say One two three.')
  await inspector.getByRole('button', { name: /^token \d/ }).click()
  assert.ok(!(await namesIn(inspector)).includes('token'))
})

test('a recording is saved without key or address, and replayed from the file', async (t) => {
  const { page, inspector } = await inspect(t, 'everyone, with sources, say One two three.')
  const downloading = page.waitForEvent('download')
  await inspector.getByRole('button', { name: 'Save' }).click()
  const file = await (await downloading).path()
  const recording = JSON.parse(await readFile(file, 'utf8'))
  assert.equal(recording.generation, '3.1')
  assert.ok(recording.entries.some(({ name }) => name === 'agentReasoning'))
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

test('a file of another kind is refused with a reason', async (t) => {
  const { page, inspector } = await inspect(t, 'say One.')
  await page
    .getByLabel('Recording')
    .setInputFiles({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{}') })
  await inspector.getByRole('alert').getByText('This file is no recording').waitFor()
})
