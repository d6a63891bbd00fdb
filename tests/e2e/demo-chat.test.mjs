/**
 * The demo page, used as a person uses it: asking, stopping, deciding, and reading error messages.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { PHONE, ask, demoForTests, over, replay, textOf, type } from '../support/demo.mjs'

// A picture of one pixel.
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const demo = demoForTests()

test('the nodes of an AgentFlow fill a timeline, and a person lets it go on', async (t) => {
  const page = await demo.open(t, '/?generation=3.1&flow=human')
  const asked = await ask(page, 'say Dear sir.')
  assert.deepEqual(await asked.locator('.step-label').allInnerTexts(), ['Start', 'Email Reply Agent', 'Human Input 0'])
  await asked.getByRole('button', { name: 'Proceed' }).click()
  const answered = await over(page, 1)
  assert.equal(await answered.getAttribute('data-status'), 'done')
  assert.deepEqual(await answered.locator('.step-label').allInnerTexts(), [
    'Start',
    'Email Reply Agent',
    'Human Input 0',
    'Email Subject & Body',
    'Send Email',
  ])
  const sent = (await demo.server.log('/prediction/human')).at(-1)
  assert.match(JSON.stringify(sent), /humanInput/)
})

for (const [flow, words] of [
  ['trouble-status-401', /needs an API key[\s\S]*Settings/],
  ['trouble-status-404', /no such chatflow/],
  ['trouble-status-429', /rate limit/],
  ['trouble-html', /does not look like Flowise/],
  ['trouble-cut', /One two three[\s\S]*connection broke/],
  ['trouble-empty', /The answer is empty/],
]) {
  test(`${flow} has an error in plain words`, async (t) => {
    const page = await demo.open(t, `/?generation=3.1&flow=${flow}`)
    assert.match(await (await ask(page, 'Hi')).innerText(), words)
  })
}

test('an answer of several megabytes leaves the page usable', async (t) => {
  const page = await demo.open(t, '/?generation=3.1&flow=trouble-huge')
  const turn = await ask(page, '16')
  await turn.getByText('16,000,000 characters').waitFor()
  assert.equal(await (await ask(page, '1')).getAttribute('data-status'), 'done')
})

test('thinking is shown apart from the answer', async (t) => {
  const page = await demo.open(t, '/?generation=3.1')
  const turn = await ask(page, 'think and say Done.')
  assert.equal(await textOf(turn), 'Done.')
  await turn.getByText('Thought for 1 s').click()
  await turn.getByText('The question is short').waitFor()
})

test('nothing that a hostile model writes runs, loads or misleads', async (t) => {
  const page = await demo.open(t, '/?generation=3.1')
  const requests = []
  page.on('request', (request) => requests.push(request.url()))
  const turn = await ask(page, 'html')
  await turn.getByText('The end.').waitFor()
  assert.equal(await page.evaluate(() => window.__owned), undefined)
  const made = await turn.locator('.markdown').evaluate((element) => ({
    elements: element.querySelectorAll('script, img, iframe, svg:not(.icon), form, style, base, meta, input:not([type=checkbox])')
      .length,
    links: [...element.querySelectorAll('a')].map((link) => [link.protocol, link.rel]),
  }))
  assert.equal(made.elements, 0)
  for (const [protocol, rel] of made.links) {
    assert.match(protocol, /^(https?|mailto):$/)
    assert.match(rel, /noopener/)
  }
  assert.deepEqual(
    requests.filter((url) => url.includes('attacker')),
    [],
  )
})

test('Markdown is formatted while it streams, and code can be copied', async (t) => {
  const page = await demo.open(t, '/?generation=3.1')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await type(page, 'markdown')
  await page.locator('.turn.answering .markdown h4').first().waitFor()
  const turn = await over(page, 0)
  assert.equal(await turn.locator('table').count(), 1)
  assert.equal(await turn.locator('.code').count(), 2)
  assert.equal(await turn.locator('input[type=checkbox]').count(), 3)
  await turn.locator('.code .syn-kwd', { hasText: /^fn$/ }).waitFor()
  await turn.getByRole('button', { name: 'Copy code' }).last().click()
  await turn.getByRole('button', { name: 'Copied' }).waitFor()
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^fn widest/)
})

test('files are sent with the question: the server reads texts, and pictures are inline', async (t) => {
  const page = await demo.open(t, '/?generation=3.1')
  await page.getByRole('button', { name: 'Add files' }).waitFor()
  await page.getByLabel('Files', { exact: true }).setInputFiles([
    { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('An owl.') },
    { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') },
  ])
  await page.getByText('note.txt').waitFor()
  const turn = await ask(page, 'say Read.')
  assert.equal(await textOf(turn), 'Read.')
  const sent = JSON.stringify((await demo.server.log('/prediction/scripted')).at(-1))
  assert.match(sent, /An owl\./)
  assert.match(sent, /data:image\/png;base64/)
})

test('a hidden page, which has no frames, still shows the answer', async (t) => {
  const page = await demo.open(t)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true })
    window.requestAnimationFrame = () => 0
  })
  const turn = await ask(page, 'say One two three.')
  assert.equal(await textOf(turn), 'One two three.')
})

/** Presses a key with which an input method for Chinese or Japanese ends a word. */
const pressComposing = (field, key) =>
  field.evaluate((field, key) => field.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true })), key)

test('Enter sends and Shift Enter makes a line; the Enter of an input method does neither', async (t) => {
  const page = await demo.open(t)
  const field = page.getByLabel('Your question')
  await field.focus()
  await page.keyboard.type('say One')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('two')
  await pressComposing(field, 'Enter')
  assert.equal(await field.inputValue(), 'say One\ntwo')
  await page.keyboard.press('Enter')
  await over(page, 0)
  assert.equal(await field.inputValue(), '')
})

test('a new chat is empty even during an answer', async (t) => {
  const page = await demo.open(t)
  await demo.server.clear()
  await type(page, 'slow long 300')
  await page.getByText('word2').waitFor()
  await page.getByRole('button', { name: 'New chat' }).click()
  await page.getByRole('region', { name: 'Start' }).waitFor()
  // The replay is over when its promise has settled.
  await page.getByRole('button', { name: 'Events', exact: true }).click()
  await page.locator('.row.reply').waitFor()
  await ask(page, 'say Hi.')
  const chats = (await demo.server.log('/prediction/scripted')).map(({ body }) => JSON.parse(body).chatId)
  assert.equal(new Set(chats).size, 2, `the chats were ${chats}`)
})

test('a new chat ends a replay', async (t) => {
  const page = await demo.open(t)
  const entries = [['ask', 'query', { question: 'First' }], ['event', 'token', 'One.'], ['ask', 'query', { question: 'Second' }]]
  await replay(page, entries, 600)
  await page.locator('.turn', { hasText: 'First' }).waitFor()
  await page.getByRole('button', { name: 'New chat' }).click()
  // This takes longer than the rest of the recording.
  await ask(page, 'slow long 10')
  assert.equal(await page.locator('.turn').count(), 1)
})

test('another replay ends a replay, and so does a question', async (t) => {
  const page = await demo.open(t)
  const entries = [
    ['ask', 'query', { question: 'First' }],
    ['event', 'token', 'One.'],
    ['event', 'token', ' Two.'],
    ['ask', 'query', { question: 'Second' }],
  ]
  for (let turns = 1; turns <= 2; turns++) {
    await replay(page, entries, 600)
    await page.locator('.turn', { hasText: 'One.' }).nth(turns - 1).waitFor()
  }
  // This takes longer than the rest of the recordings.
  await ask(page, 'slow long 10')
  const questions = await page.locator('.question h2').allInnerTexts()
  assert.ok(!questions.some((question) => question.includes('Second')), questions.join())
})

test('a replay asks no server', async (t) => {
  const page = await demo.open(t)
  const action = { elements: [{ type: 'approve-button', label: 'Yes' }] }
  await replay(page, [
    ['ask', 'query', { question: 'A decision' }],
    ['event', 'action', action],
    ['reply', 'reply', { finishReason: 'stop', text: 'Shall I?', followUpPrompts: ['And then?'] }],
  ])
  const turn = await over(page, 0)
  assert.ok(await turn.getByRole('button', { name: 'Yes' }).isDisabled())
  assert.equal(await turn.getByRole('button', { name: 'And then?' }).count(), 0)
  await replay(page, [['ask', 'query', { question: 'A failure' }], ['failure', 'failure', { code: 'server', message: 'It failed.' }]])
  const failed = await over(page, 1)
  await failed.getByText('It failed.').waitFor()
  assert.equal(await failed.getByRole('button', { name: 'Try again' }).count(), 0)
})

describe('Escape closes the element in front, and the answer continues:', () => {
  const fronts = {
    'the settings': {
      open: (page) => page.getByRole('banner').getByRole('button', { name: 'Settings' }).click(),
      front: (page) => page.getByRole('dialog', { name: 'Settings' }),
    },
    'the list of chatflows': {
      open: (page) => page.getByRole('button', { name: /^Chatflow: / }).click(),
      front: (page) => page.getByRole('dialog', { name: 'Chatflows' }),
    },
    'the events on a phone': {
      options: PHONE,
      open: (page) => page.getByRole('button', { name: 'Events', exact: true }).click(),
      front: (page) => page.getByRole('complementary', { name: 'Events' }),
    },
  }
  for (const [name, { open, front, options }] of Object.entries(fronts)) {
    test(name, async (t) => {
      const page = await demo.open(t, '/', options)
      await type(page, 'slow long 300')
      await page.locator('.markdown', { hasText: 'word2' }).waitFor()
      await open(page)
      await front(page).waitFor()
      await page.keyboard.press('Escape')
      await front(page).waitFor({ state: 'hidden' })
      await pressComposing(page.getByLabel('Your question'), 'Escape')
      assert.equal(await page.locator('.turn').getAttribute('data-status'), 'answering')
      await page.keyboard.press('Escape')
      assert.equal(await (await over(page, 0)).getAttribute('data-status'), 'stopped')
    })
  }
})

describe('the focus moves to the question field when the pressed button disappears:', () => {
  const pressed = {
    'a prompt': async () => {},
    'a follow-up prompt': async (page) => {
      await ask(page, 'follow up')
      return page.getByRole('button', { name: 'Which owl is the largest?' })
    },
    'a decision': async (page) => {
      await ask(page, 'ask me before you go on')
      return page.getByRole('button', { name: 'Yes' })
    },
    Regenerate: async (page) => {
      await ask(page, 'say Yes.')
      return page.getByRole('button', { name: 'Regenerate' })
    },
    'Try again': async (page) => {
      await ask(page, 'drop')
      return page.getByRole('button', { name: 'Try again' })
    },
    Stop: async (page) => {
      await type(page, 'slow long 300')
      await page.locator('.markdown', { hasText: 'word1' }).waitFor()
      return page.getByRole('button', { name: 'Stop the answer' })
    },
    'New chat': async (page) => {
      await ask(page, 'say Yes.')
      return page.getByRole('button', { name: 'New chat' })
    },
  }
  for (const [name, prepare] of Object.entries(pressed)) {
    test(name, async (t) => {
      const page = await demo.open(t)
      const button = (await prepare(page)) ?? page.getByRole('button', { name: 'Formatted text' })
      await button.focus()
      await page.keyboard.press('Enter')
      await page.waitForFunction(() => document.activeElement.matches('textarea'))
    })
  }
})

test('the Tab key moves through the page from the top to the question', async (t) => {
  const page = await demo.open(t)
  await page.evaluate(() => document.activeElement.blur())
  const seen = []
  for (let press = 0; press < 20; press++) {
    await page.keyboard.press('Tab')
    const name = await page.evaluate(() => {
      const { ariaLabel, value, textContent } = document.activeElement
      return document.activeElement === document.body ? null : (ariaLabel ?? (value || textContent))
    })
    // After the end of the page, Tab moves through the browser before it returns to the top.
    if (name) seen.push(name)
    if (name === 'Your question') break
  }
  const prompts = seen.filter((name) => /markdown|calculate|everyone|ask me/.test(name))
  assert.deepEqual(
    seen.filter((name) => !prompts.includes(name)),
    ['3.1', 'Chatflow: Scripted', 'Events', 'Use the dark theme', 'Settings', 'Add files', 'Your question'],
  )
  assert.equal(prompts.length, 4)
})

test('the page keeps its position after a person scrolls up', async (t) => {
  const page = await demo.open(t)
  await type(page, 'long 700')
  const thread = page.getByRole('region', { name: 'Conversation' })
  await page.getByText('word400 ').waitFor()
  await thread.evaluate((element) => {
    element.scrollTop = 0
  })
  await page.getByRole('button', { name: 'Latest' }).waitFor()
  await page.getByText('word600 ').waitFor()
  assert.equal(await thread.evaluate((element) => element.scrollTop), 0)
  await page.getByRole('button', { name: 'Latest' }).click()
  await over(page, 0)
  const gap = () => thread.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
  assert.ok((await gap()) < 2, `${await gap()} pixels from the end`)

  // A question of one's own is always in view.
  await thread.evaluate((element) => {
    element.scrollTop = 0
  })
  await page.getByRole('button', { name: 'Latest' }).waitFor()
  await ask(page, 'say Yes.')
  assert.ok((await gap()) < 2, `${await gap()} pixels from the end`)
})
