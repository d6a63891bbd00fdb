/**
 * The two small examples that come with the demo page.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { demoForTests } from '../support/demo.mjs'

const demo = demoForTests()

for (const [name, path] of [
  ['the snippet in React', '/examples/snippet/index.html'],
  ['the plain page', '/examples/plain.html'],
]) {
  for (const generation of ['3.1', '2.0']) {
    test(`${name} asks a Flowise ${generation} and shows the answer as it arrives`, async (t) => {
      const page = await demo.openAtOnce(t, `${path}?url=${demo.server.url(generation)}`)
      await page.getByLabel('Question').fill('slow say One two three.')
      await page.evaluate(() => {
        window.shown = []
        const note = () => window.shown.push(document.querySelector('p').textContent)
        new MutationObserver(note).observe(document.body, { childList: true, characterData: true, subtree: true })
      })
      await demo.server.clear()
      await page.getByRole('button', { name: 'Ask' }).click()
      await page.getByText('One two three.', { exact: true }).waitFor()
      assert.ok((await page.evaluate(() => window.shown)).includes('One '), 'tokens appear one by one')
      const asked = (await demo.server.log('/prediction/')).filter(({ method }) => method === 'POST')
      assert.deepEqual(asked.map(({ generation }) => generation), [generation])
    })
  }

  test(`${name} says what went wrong`, async (t) => {
    const page = await demo.openAtOnce(t, `${path}?chatflow=no-such-flow`)
    await page.getByRole('button', { name: 'Ask' }).click()
    const message = page.getByText(/not found/)
    await message.waitFor()
    assert.match(await message.innerText(), /chatflowId/)
  })
}
