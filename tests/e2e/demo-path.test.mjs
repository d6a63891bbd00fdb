/**
 * The main path through the demo page: asking, stopping, deciding, and continuing after a failure. It runs in every engine.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { ask, connected, demoForTests, over, textOf, type } from '../support/demo.mjs'

const demo = demoForTests()

for (const [generation, wire] of [
  ['3.1', 'server-sent events'],
  ['2.0', 'WebSocket'],
]) {
  describe(`with Flowise ${generation}`, () => {
    const open = (t, path = '/?') => demo.open(t, `${path}&generation=${generation}`)

    test('an answer arrives token by token, and its end is announced', async (t) => {
      const page = await open(t)
      await page.locator('.wire', { hasText: wire }).waitFor()
      await page.evaluate(() => {
        window.lengths = new Set()
        const note = () => {
          const length = document.querySelector('.markdown')?.textContent.length
          if (length) window.lengths.add(length)
          requestAnimationFrame(note)
        }
        note()
      })
      const turn = await ask(page, 'slow say One two three four five six seven eight nine ten.')
      assert.equal(await textOf(turn), 'One two three four five six seven eight nine ten.')
      const growth = await page.evaluate(() => window.lengths.size)
      assert.ok(growth > 3, `the text grew in ${growth} steps`)
      const announced = await page.getByTestId('announcer').innerText()
      assert.equal(announced, 'One two three four five six seven eight nine ten.')
    })

    test('a stop keeps the text so far, and the next question is answered', async (t) => {
      const page = await open(t)
      await type(page, 'slow long 300')
      await page.getByText('word3').waitFor()
      await page.getByRole('button', { name: 'Stop the answer' }).click()
      const stopped = await over(page, 0)
      assert.equal(await stopped.getAttribute('data-status'), 'stopped')
      assert.match(await textOf(stopped), /^word1 word2 word3/)
      assert.match(await page.getByTestId('announcer').innerText(), /^Stopped\. word1 word2 word3/)
      const next = await ask(page, 'say Yes.')
      assert.equal(await textOf(next), 'Yes.')
    })

    test('Escape stops', async (t) => {
      const page = await open(t)
      await type(page, 'slow long 300')
      await page.getByText('word2').waitFor()
      await page.keyboard.press('Escape')
      assert.equal(await (await over(page, 0)).getAttribute('data-status'), 'stopped')
    })

    test('a failure is explained, keeps the text so far, and can be retried', async (t) => {
      const page = await open(t)
      const failed = await ask(page, 'drop')
      assert.match(await failed.innerText(), /The flow failed[\s\S]*Try again/)
      await failed.evaluate((element) => (window.failed = element))
      await failed.getByRole('button', { name: 'Try again' }).click()
      await page.waitForFunction(() => !window.failed.isConnected)
      await over(page, 0)
      assert.equal(await page.locator('.turn').count(), 1)
    })

    test('tools and sources can be expanded', async (t) => {
      const page = await open(t)
      const turn = await ask(page, 'calculate 6*7, with sources')
      assert.equal(await textOf(turn), 'The answer is 42.')
      await turn.getByText('Used calculator').click()
      await turn.locator('.tool pre', { hasText: '"6*7"' }).waitFor()
      await turn.getByText('Owls', { exact: true }).click()
      const link = turn.getByRole('link', { name: 'https://birds.example/owls' })
      assert.match(await link.getAttribute('rel'), /noopener/)
      assert.match(await turn.getByText('Owls hunt at night').innerText(), /almost silent/)
    })

    test('the steps of a team are listed', async (t) => {
      const page = await open(t)
      const turn = await ask(page, 'everyone, say Owls fly without a sound.')
      const steps = await turn.locator('.step-label').allInnerTexts()
      assert.deepEqual(steps, ['Supervisor', 'Researcher', 'Supervisor', 'Writer', 'Supervisor'])
      await turn.getByText('Researcher', { exact: true }).click()
      await turn.getByText('I found what is needed').waitFor()
    })

    for (const choice of ['Yes', 'No']) {
      test(`the person's decision is sent to the flow: ${choice}`, async (t) => {
        const page = await open(t)
        const asked = await ask(page, 'ask me before you go on')
        await asked.getByText('calculator').first().waitFor()
        assert.match(await page.getByTestId('announcer').innerText(), /^The flow asks for your decision\./)
        await asked.getByRole('button', { name: choice }).click()
        const answered = await over(page, 1)
        assert.match(await textOf(answered), new RegExp(`You chose “${choice}”`))
      })
    }

    test('a follow-up prompt is a question', async (t) => {
      const page = await open(t)
      const turn = await ask(page, 'follow up')
      await turn.getByRole('button', { name: 'Which owl is the largest?' }).click()
      const next = await over(page, 1)
      // WebKit's text of an element may end with a line end
      assert.match(await next.locator('.question').innerText(), /Which owl is the largest\?\s*$/)
    })

    test('the connection is lost and restored', async (t) => {
      const page = await open(t)
      await ask(page, 'say First.')
      await type(page, 'slow long 300')
      await page.getByText('word2').waitFor()
      await page.evaluate(() => {
        const state = document.querySelector('.connection')
        window.states = []
        new MutationObserver(() => window.states.push(state.textContent)).observe(state, { characterData: true, subtree: true, childList: true })
      })
      // long enough to refuse a POST that the browser repeats by itself
      await demo.server.restart(demo.server.url(generation), 1000)
      const broken = await over(page, 1)
      assert.match(await broken.innerText(), /word1 word2/)
      await connected(page)
      assert.equal(await page.evaluate(() => window.states[0]), 'Reconnecting…')
      assert.equal(await textOf(await ask(page, 'say Again.')), 'Again.')
    })
  })
}
