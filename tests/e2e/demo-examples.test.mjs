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
    test(`${name} asks a Flowise ${generation} and shows the answer`, async (t) => {
      const page = await demo.openAtOnce(t, `${path}?url=${demo.server.url(generation)}`)
      await page.getByLabel('Question').fill('say One two three.')
      await page.getByRole('button', { name: 'Ask' }).click()
      await page.getByText('One two three.', { exact: true }).waitFor()
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
