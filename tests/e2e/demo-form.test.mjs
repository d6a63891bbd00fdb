/** The form that an AgentFlow begins with, in the demo page; and a reload of the page on a phone. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'

import { ARTIFACTS, PHONE, WIDE, connected, demoForTests, over, textOf, type } from '../support/demo.mjs'

const FORM = '/?generation=3.1&flow=form'

const demo = demoForTests()

const asked = async () => (await demo.server.log('/prediction/')).filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))

for (const [name, options] of Object.entries({ wide: WIDE, phone: PHONE })) {
  for (const colorScheme of ['light', 'dark']) {
    test(`${name}, ${colorScheme}: a flow that begins with a form is sent the form`, async (t) => {
      const page = await demo.open(t, FORM, { ...options, colorScheme, reducedMotion: 'reduce' })
      await demo.server.clear()
      await page.getByRole('heading', { name: 'Translate a letter' }).waitFor()
      await page.getByText('another agent looks it over').waitFor()
      // on the phone the box stays empty
      const formal = name === 'wide'
      await page.getByLabel('The letter').fill('Dear sir.')
      await page.getByLabel('Into').selectOption('German')
      await page.getByLabel('At most words').fill('20')
      await page.getByLabel('Keep it formal').setChecked(formal)
      assert.equal(await page.getByLabel('Your question').count(), 0)
      await page.screenshot({ path: join(ARTIFACTS, `demo-${name}-${colorScheme}-form.png`) })
      await page.getByRole('button', { name: 'Start' }).click()
      assert.ok((await textOf(await over(page, 0))).length > 0)
      const [{ form, question }] = await asked()
      assert.deepEqual([form, question], [{ letter: 'Dear sir.', language: 'German', words: 20, formal }, undefined])
      await page.getByLabel('Your question').waitFor()
    })
  }
}

test('on a phone, a page that is reloaded during an answer keeps the partial answer, and can ask again', async (t) => {
  const page = await demo.open(t, '/', PHONE)
  await demo.server.clear()
  await type(page, 'slow long 300')
  await page.getByText('word3 ').waitFor()
  await page.reload()
  await connected(page)
  assert.match(await textOf(await over(page, 0)), /^word1 word2 word3/)
  // Nobody has asked on this page yet, so nothing has the focus, nor its outline.
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true)
  await page.screenshot({ path: join(ARTIFACTS, 'demo-phone-reload.png') })
  await type(page, 'say Two.')
  assert.equal(await textOf(await over(page, 1)), 'Two.')
  assert.equal((await asked()).length, 2)
})
