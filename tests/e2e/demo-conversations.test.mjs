/**
 * Stored conversations in the demo page: after a reload, in a list, edited, and with queued questions.
 */

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { ARTIFACTS, PHONE, WIDE, ask, connected, demoForTests, over, textOf, type } from '../support/demo.mjs'
import { API_KEY } from '../support/dev-server.mjs'
import { until } from '../support/until.mjs'

const demo = demoForTests()

const asked = async () => (await demo.server.log('/prediction/')).filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))
const newChat = (page) => page.getByRole('button', { name: 'New chat' }).click()
const listOf = (page) => page.getByRole('navigation', { name: 'Conversations' })
const titlesIn = (page) => listOf(page).locator('.conversation span').allInnerTexts()

async function openList(page) {
  await page.getByRole('button', { name: 'Conversations', exact: true }).click()
  await listOf(page).waitFor()
}

/** Reloads the page. */
async function reload(page) {
  await page.reload()
  await connected(page)
}

for (const generation of ['3.1', '2.0']) {
  test(`a conversation with Flowise ${generation} survives a reload, and continues`, async (t) => {
    const page = await demo.open(t, `/?generation=${generation}`)
    await ask(page, 'say One.')
    await reload(page)
    assert.equal(await textOf(await over(page, 0)), 'One.')
    await demo.server.clear()
    await ask(page, 'say Two.')
    assert.equal(await page.locator('.turn').count(), 2)
    const [{ chatId }] = await asked()
    const kept = await page.evaluate(() => Object.values({ ...localStorage }).join('\n'))
    assert.ok(kept.includes(chatId))
  })

  test(`a page of Flowise ${generation} that is reloaded during an answer keeps the partial answer, and asks nothing twice`, async (t) => {
    const page = await demo.open(t, `/?generation=${generation}`)
    await demo.server.clear()
    await type(page, 'slow long 300')
    await page.getByText('word3 ').waitFor()
    await reload(page)
    const turn = await over(page, 0)
    assert.match(await turn.locator('.question').innerText(), /slow long 300$/)
    assert.match(await textOf(turn), /^word1 word2 word3/)
    await turn.getByText('The answer was interrupted').waitFor()
    assert.equal((await asked()).length, 1)
    assert.equal(await textOf(await ask(page, 'say After all.')), 'After all.')
    const [first, second] = await asked()
    assert.notEqual(second.chatId, first.chatId)
    assert.equal(second.overrideConfig.sessionId, first.chatId)
    // Without a key, no server hands out its history.
    assert.deepEqual(await demo.server.log('/chatmessage/scripted'), [])
  })
}

test("with a key, the server's finished answer replaces the partial one", async (t) => {
  const page = await demo.open(t)
  const own = { url: demo.server.sse, chatflowId: 'scripted', apiKey: API_KEY, rememberKey: true }
  await page.evaluate((own) => localStorage.setItem('flowise-stream.choice', JSON.stringify({ own })), own)
  await reload(page)
  await type(page, 'slow long 100')
  await page.getByText('word3 ').waitFor()
  await reload(page)
  await page.getByText('word100').waitFor()
  const turn = await over(page, 0)
  assert.equal(await turn.getAttribute('data-status'), 'done')
  const kept = await page.evaluate(() => Object.entries({ ...localStorage }).filter(([key]) => key !== 'flowise-stream.choice').flat().join('\n'))
  assert.ok(!kept.includes(API_KEY))
})

test('a decision is still pending after a reload', async (t) => {
  const page = await demo.open(t)
  await ask(page, 'ask me before you go on')
  await reload(page)
  await (await over(page, 0)).getByRole('button', { name: 'Yes' }).click()
  assert.match(await textOf(await over(page, 1)), /You chose “Yes”/)
})

test('conversations are listed, opened, renamed and deleted', async (t) => {
  const page = await demo.open(t)
  const button = page.getByRole('button', { name: 'Conversations', exact: true })
  assert.ok(await button.isDisabled())
  await ask(page, 'say One.')
  await newChat(page)
  await ask(page, 'say Two.')
  await openList(page)
  assert.deepEqual(await titlesIn(page), ['say Two.', 'say One.'])
  await listOf(page).getByText('say One.').click()
  await page.locator('.turn', { hasText: 'say One.' }).waitFor()
  assert.equal(await page.locator('.turn').count(), 1)
  await listOf(page).locator('li', { hasText: 'say One.' }).hover()
  await listOf(page).getByRole('button', { name: 'Rename say One.' }).click()
  await page.getByLabel('Title').fill('Never mind')
  await page.keyboard.press('Escape')
  await listOf(page).getByRole('button', { name: 'Rename say One.' }).click()
  await page.getByLabel('Title').fill('Owls')
  await page.keyboard.press('Enter')
  await listOf(page).getByText('Owls').waitFor()
  // The page remembers that the list is open, and its content.
  await reload(page)
  await listOf(page).getByText('Owls').waitFor()
  await listOf(page).locator('li', { hasText: 'Owls' }).hover()
  await listOf(page).getByRole('button', { name: 'Delete Owls' }).click()
  await page.getByRole('region', { name: 'Start' }).waitFor()
  assert.deepEqual(await titlesIn(page), ['say Two.'])
  // The pressed button has gone with its conversation.
  await page.waitForFunction(() => document.activeElement.ariaLabel === 'Close the conversations')
})

test('an answer continues while another conversation is shown', async (t) => {
  const page = await demo.open(t)
  await ask(page, 'say One.')
  await newChat(page)
  await openList(page)
  await type(page, 'slow long 20')
  await page.getByText('word2 ').waitFor()
  await listOf(page).getByText('say One.').click()
  await page.locator('.turn[data-status=done]', { hasText: 'say One.' }).waitFor()
  await listOf(page).getByText('slow long 20').click()
  assert.match(await textOf(await over(page, 0)), /word20$/)
})

test('two tabs show the same conversation', async (t) => {
  const page = await demo.open(t)
  await ask(page, 'say One.')
  const other = await page.context().newPage()
  await other.goto(page.url())
  await over(other, 0)
  await ask(page, 'say Two.')
  assert.equal(await textOf(await over(other, 1)), 'Two.')
})

test('an answer goes on when another tab asks in the same conversation', async (t) => {
  const page = await demo.open(t)
  await ask(page, 'say One.')
  const other = await page.context().newPage()
  await other.goto(page.url())
  await over(other, 0)
  await type(page, 'slow long 300')
  await page.getByText('word2 ').waitFor()
  // the other tab sees the question, with an answer that it does not get
  await over(other, 1)
  await type(other, 'say Three.')
  await until(async () => (await asked()).some(({ question }) => question === 'say Three.'))
  await page.getByRole('button', { name: 'Stop the answer' }).click()
  assert.match(await textOf(await over(page, 1)), /^word1 word2/)
  assert.equal(await page.locator('.turn').count(), 2)
})

test('an edited question removes later messages', async (t) => {
  const page = await demo.open(t)
  await ask(page, 'say One.')
  await ask(page, 'say Two.')
  await ask(page, 'say Three.')
  await demo.server.clear()
  const second = page.locator('.turn').nth(1)
  await second.hover()
  await second.getByRole('button', { name: 'Edit the question' }).click()
  const field = page.getByLabel('The question in other words')
  assert.equal(await field.inputValue(), 'say Two.')
  await field.fill('say Something else.')
  await page.keyboard.press('Enter')
  assert.equal(await textOf(await over(page, 1)), 'Something else.')
  assert.equal(await page.locator('.turn').count(), 2)
  const [{ history }] = await asked()
  assert.deepEqual(history, [
    { role: 'userMessage', content: 'say One.' },
    { role: 'apiMessage', content: 'One.' },
  ])
})

test('an edit can be cancelled', async (t) => {
  const page = await demo.open(t)
  await ask(page, 'say One.')
  await page.locator('.turn').hover()
  await page.getByRole('button', { name: 'Edit the question' }).click()
  await page.keyboard.press('Escape')
  await page.locator('.question', { hasText: 'say One.' }).waitFor()
})

test('questions wait for the previous answer, and can be withdrawn', async (t) => {
  const page = await demo.open(t)
  await type(page, 'slow long 40')
  await page.getByText('word2 ').waitFor()
  await type(page, 'say Two.')
  await type(page, 'say Never.')
  const queue = page.getByRole('list', { name: 'Asked next' })
  assert.deepEqual(await queue.locator('span').allInnerTexts(), ['say Two.', 'say Never.'])
  await queue.getByRole('button', { name: 'Do not ask say Never.' }).click()
  await page.getByRole('button', { name: 'Stop the answer' }).click()
  assert.equal(await textOf(await over(page, 1)), 'Two.')
  await until(async () => (await queue.count()) === 0)
  assert.equal(await page.locator('.turn').count(), 2)
})

describe('it looks right:', () => {
  test('while nothing has arrived, the pulse is where the answer will be', async (t) => {
    const page = await demo.open(t)
    // A server that does not answer.
    await page.route('**/api/v1/prediction/**', () => {})
    await type(page, 'Hello')
    const question = await page.locator('.question h2').boundingBox()
    const pulse = await page.locator('.pulse').boundingBox()
    assert.ok(pulse.y > question.y + question.height, JSON.stringify({ question, pulse }))
    assert.ok(pulse.x < question.x)
  })

  test('the list names the days', async (t) => {
    const page = await demo.open(t)
    await ask(page, 'say One.')
    await page.evaluate(() => {
      const key = Object.keys(localStorage).find((name) => localStorage[name].includes('"chats":'))
      const index = JSON.parse(localStorage[key])
      const noon = new Date().setHours(12, 0, 0, 0)
      for (const [title, days] of [['A day ago', 1], ['Three weeks ago', 21]]) {
        index.chats.push({ ...index.chats[0], id: title, title, updatedAt: new Date(noon).setDate(new Date(noon).getDate() - days) })
      }
      localStorage[key] = JSON.stringify(index)
    })
    await reload(page)
    await openList(page)
    assert.deepEqual(await listOf(page).locator('h3').allInnerTexts(), ['Today', 'Yesterday', 'Earlier'])
    assert.deepEqual(await titlesIn(page), ['say One.', 'A day ago', 'Three weeks ago'])
  })

  for (const [name, options] of Object.entries({ wide: WIDE, phone: PHONE })) {
    for (const colorScheme of ['light', 'dark']) {
      test(`${name}, ${colorScheme}`, async (t) => {
        const page = await demo.open(t, '/', { ...options, colorScheme, reducedMotion: 'reduce' })
        await ask(page, 'markdown, with sources, follow up')
        await newChat(page)
        await ask(page, 'calculate 6*7, with sources')
        await type(page, 'slow long 300')
        await page.getByText('word2 ').waitFor()
        await type(page, 'say Two.')
        await page.getByRole('list', { name: 'Asked next' }).waitFor()
        await page.screenshot({ path: join(ARTIFACTS, `demo-${name}-${colorScheme}-queue.png`) })
        await page.getByRole('button', { name: 'Stop the answer' }).click()
        await over(page, 2)
        await page.locator('.turn').last().hover()
        await page.getByRole('button', { name: 'Edit the question' }).last().click()
        await page.screenshot({ path: join(ARTIFACTS, `demo-${name}-${colorScheme}-edit.png`) })
        await openList(page)
        await page.screenshot({ path: join(ARTIFACTS, `demo-${name}-${colorScheme}-conversations.png`) })
        await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
        const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
        assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`), [])
      })
    }
  }

  test('on a phone the list covers the chat until a conversation is chosen, or Escape is pressed', async (t) => {
    const page = await demo.open(t, '/', PHONE)
    await ask(page, 'say One.')
    await openList(page)
    await page.keyboard.press('Escape')
    await listOf(page).waitFor({ state: 'detached' })
    await openList(page)
    // The next visit begins with the chat.
    await reload(page)
    await over(page, 0)
    assert.equal(await listOf(page).count(), 0)
    await openList(page)
    await listOf(page).getByText('say One.').click()
    await listOf(page).waitFor({ state: 'detached' })
    await page.locator('.turn', { hasText: 'say One.' }).waitFor()
  })
})
