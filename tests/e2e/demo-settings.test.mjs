/**
 * The demo page's settings: checking whether a server responds and streams, using it, and the stored values.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { PHONE, ask, connected, demoForTests, textOf } from '../support/demo.mjs'
import { API_KEY, startDevServer } from '../support/dev-server.mjs'
import { Site } from '../support/site.mjs'
import { startForTests } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

const demo = demoForTests()
const elsewhere = new Site({ folder: new URL('../../www/dist', import.meta.url).pathname })
startForTests(elsewhere)

async function openSettings(page) {
  await page.getByRole('banner').getByRole('button', { name: 'Settings' }).click()
  return page.getByRole('dialog', { name: 'Settings' })
}

async function check(dialog, { url, chatflow, key }) {
  await dialog.getByLabel('Address of Flowise').fill(url)
  if (chatflow !== undefined) await dialog.getByLabel('Chatflow', { exact: true }).fill(chatflow)
  if (key !== undefined) await dialog.getByLabel('API key').fill(key)
  await dialog.getByRole('button', { name: 'Check my server' }).click()
  const result = dialog.locator('.check-result:not(.busy)')
  await result.waitFor()
  return result.innerText()
}

describe('“Check my server” says', () => {
  const cases = [
    ['that it streams, over which wire', { server: '3.1', chatflow: 'chain' }, /it streams[\s\S]*server-sent events/],
    ['the same of an older one', { server: '2.0', chatflow: 'chain' }, /it streams[\s\S]*Socket\.IO/],
    ['that a chatflow cannot stream', { server: '3.1', chatflow: 'parser' }, /cannot stream/],
    ['that there is no such chatflow', { server: '3.1', chatflow: 'nothing' }, /no such chatflow/],
    ['that only a question shows whether it needs a key', { server: '3.1', chatflow: 'locked' }, /shows with a question/],
    ['that nothing answers', { url: 'http://127.0.0.1:9', chatflow: 'chain' }, /Nothing answers/],
    ['that an address is none', { url: 'http://', chatflow: 'chain' }, /no address/],
    ['that an address is none of the web', { url: 'ftp://x', chatflow: 'chain' }, /no address/],
    ['that an address must hold no password', { url: 'http://me:secret@x', chatflow: 'chain' }, /must not hold a name or password/],
  ]
  for (const [name, { server, url, chatflow }, expected] of cases) {
    test(name, async (t) => {
      const page = await demo.open(t)
      const said = await check(await openSettings(page), { url: url ?? demo.server.url(server), chatflow })
      assert.match(said, expected)
    })
  }

  test('if the server does not allow this page', async (t) => {
    const page = await demo.open(t)
    const strict = await startDevServer({ args: ['--cors-origins', ''] })
    t.after(() => strict.stop())
    const said = await check(await openSettings(page), { url: strict.sse, chatflow: 'elsewhere' })
    assert.match(said, /does not allow this page[\s\S]*allowed origins/)
  })

  test('for an unknown chatflow of another origin that its id may be wrong', async (t) => {
    const strict = await startDevServer({ args: ['--cors-origins', ''] })
    t.after(() => strict.stop())
    const page = await demo.browser.open(`${elsewhere.url}/index.html`)
    t.after(() => page.context().close())
    const dialog = page.getByRole('dialog', { name: 'Where is your Flowise?' })
    assert.match(await check(dialog, { url: strict.sse, chatflow: 'chain' }), /it streams/)
    assert.match(await check(dialog, { url: strict.sse, chatflow: 'nothing' }), /no such chatflow, or[\s\S]*Check the id/)
  })

  test('if something else answers', async (t) => {
    const page = await demo.open(t)
    const said = await check(await openSettings(page), { url: `${demo.server.sse}/examples`, chatflow: 'plain.html' })
    assert.match(said, /not Flowise/)
  })
})

describe('with a test question says', () => {
  const cases = [
    ['that a key is needed', { chatflow: 'locked', key: '' }, /needs an API key/],
    ['that the key is not accepted', { chatflow: 'locked', key: 'wrong' }, /key is not accepted/],
    ['that the key is accepted', { chatflow: 'locked', key: API_KEY }, /answers, with this key/],
    ['that no key is needed', { chatflow: 'chain', key: '' }, /needs no key/],
  ]
  for (const server of ['3.1', '2.0']) {
    for (const [name, { chatflow, key }, expected] of cases) {
      test(`${name} (Flowise ${server})`, async (t) => {
        const page = await demo.open(t)
        const dialog = await openSettings(page)
        await demo.server.clear()
        await check(dialog, { url: demo.server.url(server), chatflow, key })
        assert.deepEqual(await demo.server.log('/prediction'), [])
        await dialog.getByRole('button', { name: 'Ask it “Hello”' }).click()
        await dialog.locator('.check-result:not(.busy)', { hasText: expected }).waitFor()
      })
    }
  }
})

test('the test question is stopped as soon as the answer begins, and its result goes with another address', async (t) => {
  const page = await demo.open(t)
  const dialog = await openSettings(page)
  await check(dialog, { url: demo.server.sse, chatflow: 'trouble-steady' })
  await demo.server.clear()
  await dialog.getByRole('button', { name: 'Ask it “Hello”' }).click()
  await dialog.locator('.check-result.good', { hasText: 'needs no key' }).waitFor()
  await until(async () => (await demo.server.connections()).runs === 0)
  const stops = (await demo.server.log('/chatmessage/abort/')).filter(({ method }) => method === 'PUT')
  assert.equal(stops.length, 1)
  await dialog.getByLabel('Address of Flowise').fill(demo.server.socketIo)
  await dialog.locator('.check-result').waitFor({ state: 'detached' })
})

test('an unusable address is refused, and the previous one stays', async (t) => {
  const page = await demo.open(t)
  const dialog = await openSettings(page)
  for (const address of ['ftp://x', 'http://me:secret@x']) {
    await dialog.getByLabel('Address of Flowise').fill(address)
    await dialog.getByRole('button', { name: 'Use it' }).click()
    await dialog.locator('.check-result.bad', { hasText: 'no address' }).waitFor()
  }
  await page.reload()
  await connected(page)
})

test('a stored address that is unusable is explained, and can be changed', async (t) => {
  const page = await demo.open(t)
  await page.evaluate(() => {
    localStorage.setItem('flowise-stream.choice', JSON.stringify({ own: { url: 'ftp://x', chatflowId: 'chain' } }))
  })
  await page.reload()
  await page.getByText('The settings are not right').waitFor()
  await ask(page, 'Hi')
  const dialog = await openSettings(page)
  await dialog.getByRole('button', { name: 'Back to the demo’s' }).click()
  await connected(page)
})

test('a prediction URL fills both fields, and is used', async (t) => {
  const page = await demo.open(t)
  const dialog = await openSettings(page)
  await dialog.getByLabel('Address of Flowise').fill(`${demo.server.socketIo}/api/v1/prediction/scripted`)
  assert.equal(await dialog.getByLabel('Address of Flowise').inputValue(), demo.server.socketIo)
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await connected(page)
  assert.equal(await textOf(await ask(page, 'say From there.')), 'From there.')
  await page.locator('.wire', { hasText: 'WebSocket' }).waitFor()
})

test('the connection with the previous server is closed', async (t) => {
  const page = await demo.open(t, '/?generation=2.0')
  const clients = async () => (await demo.server.connections(demo.server.socketIo)).socketIoClients
  assert.equal(await clients(), 1)
  await page.getByRole('radio', { name: 'Flowise 3.1' }).check({ force: true })
  await page.locator('.wire', { hasText: 'server-sent events' }).waitFor()
  await until(async () => (await clients()) === 0)
})

test('an address with a chatflow replaces the stored server, and one without that flow takes its own', async (t) => {
  const page = await demo.open(t)
  const own = { url: 'http://127.0.0.1:9', chatflowId: 'chain' }
  await page.evaluate((own) => localStorage.setItem('flowise-stream.choice', JSON.stringify({ own })), own)
  await page.goto(`${demo.server.sse}/?generation=3.1&flow=form`)
  await connected(page)
  await page.getByRole('button', { name: 'Chatflow: Form' }).waitFor()
  await page.goto(`${demo.server.sse}/?generation=2.0&flow=form`)
  await connected(page)
  await page.getByRole('button', { name: 'Chatflow: Scripted' }).waitFor()
})

test('the server is remembered, the key only on request', async (t) => {
  const page = await demo.open(t)
  const use = async (tick) => {
    const dialog = await openSettings(page)
    await dialog.getByLabel('Address of Flowise').fill(`${demo.server.sse}/api/v1/prediction/locked`)
    await dialog.getByLabel('API key').fill(API_KEY)
    await dialog.getByLabel('Remember the key').setChecked(tick)
    await dialog.getByRole('button', { name: 'Use it' }).click()
  }
  const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage }))

  await use(false)
  await connected(page)
  assert.equal(await (await ask(page, 'Hi')).getAttribute('data-status'), 'done')
  assert.match(await stored(), /locked/)
  assert.doesNotMatch(await stored(), new RegExp(API_KEY))
  await page.reload()
  await connected(page)
  const refused = await ask(page, 'Hi')
  assert.match(await refused.innerText(), /needs an API key/)

  await use(true)
  await connected(page)
  await page.reload()
  await connected(page)
  assert.equal(await (await ask(page, 'Hi')).getAttribute('data-status'), 'done')
})

test('the generation and the chatflow are chosen in the page, and remembered', async (t) => {
  const page = await demo.open(t)
  assert.ok(await page.getByRole('radio', { name: 'Flowise 3.1' }).isChecked())
  await page.getByRole('radio', { name: 'Flowise 2.0' }).check({ force: true })
  await page.locator('.wire', { hasText: 'WebSocket' }).waitFor()
  await page.getByRole('button', { name: 'Chatflow: Scripted' }).click()
  await page.getByLabel('Find a chatflow').fill('retrieval')
  await page.getByRole('button', { name: 'Docs Retrieval: an answer' }).click()
  await page.getByRole('button', { name: 'Chatflow: Docs' }).waitFor()
  await page.reload()
  await connected(page)
  await page.getByRole('button', { name: 'Chatflow: Docs' }).waitFor()
  const turn = await ask(page, 'What do owls do?')
  assert.ok((await turn.locator('.source').count()) > 0)
})

test('on a host without the dev server the page asks for the address of Flowise', async (t) => {
  const page = await demo.browser.open(`${elsewhere.url}/index.html`, PHONE)
  t.after(() => page.context().close())
  const dialog = page.getByRole('dialog', { name: 'Where is your Flowise?' })
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.getByLabel('Address of Flowise').fill(`${demo.server.sse}/api/v1/prediction/scripted`)
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await connected(page)
  assert.equal(await textOf(await ask(page, 'say Found.')), 'Found.')
  assert.deepEqual(page.problems, [])
})
