/**
 * How the demo page looks and reads: axe finds nothing serious in any of its states. The test saves pictures of them in
 * `tests/artifacts`.
 */

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'

import { ARTIFACTS, PHONE, WIDE, ask, connected, demoForTests } from '../support/demo.mjs'
import { until } from '../support/until.mjs'

const SERIOUS = ['serious', 'critical']

let axe

const demo = demoForTests()
before(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})

const openEvents = async (page) => {
  await page.getByRole('button', { name: 'Events', exact: true }).click()
  await page.getByRole('complementary', { name: 'Events' }).waitFor()
}

/** The states of the page, by what a person did. */
const STATES = {
  welcome: async () => {},
  answer: async (page) => {
    await ask(page, 'markdown, with sources, follow up')
  },
  tools: async (page) => {
    const turn = await ask(page, 'calculate 6*7, with sources')
    await turn.locator('.tool summary').click()
    await turn.locator('.source summary').first().click()
  },
  steps: async (page) => {
    const turn = await ask(page, 'everyone, think, say Owls fly without a sound.')
    await turn.getByText('Researcher', { exact: true }).click()
  },
  decision: async (page) => {
    await ask(page, 'ask me before you go on')
  },
  failure: async (page) => {
    await ask(page, 'drop')
  },
  events: async (page) => {
    await ask(page, 'calculate 6*7, with sources')
    await openEvents(page)
  },
  settings: async (page) => {
    await page.getByRole('banner').getByRole('button', { name: 'Settings' }).click()
    const dialog = page.getByRole('dialog', { name: 'Settings' })
    await dialog.getByLabel('Address of Flowise').fill(`${demo.server.socketIo}/api/v1/prediction/chain`)
    await dialog.getByRole('button', { name: 'Check my server' }).click()
    await dialog.locator('.check-result.good').waitFor()
  },
  chatflows: async (page) => {
    await page.getByRole('button', { name: /^Chatflow: / }).click()
    await page.getByRole('dialog', { name: 'Chatflows' }).waitFor()
  },
}

// Both layouts and both themes.
const LOOKS = {
  wide: { ...WIDE, colorScheme: 'light' },
  phone: { ...PHONE, colorScheme: 'dark' },
}

for (const [look, options] of Object.entries(LOOKS)) {
  describe(look, () => {
    for (const [state, act] of Object.entries(STATES)) {
      test(`${state}: axe finds nothing serious`, async (t) => {
        // What moves would be measured half-way.
        const page = await demo.open(t, '/', { ...options, reducedMotion: 'reduce' })
        await act(page)
        await page.screenshot({ path: join(ARTIFACTS, `demo-${look}-${state}.png`) })
        await page.evaluate(axe)
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
        const found = violations
          .filter(({ impact }) => SERIOUS.includes(impact))
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
        assert.deepEqual(found, [])
      })
    }
  })
}

test('the theme is the system’s until another is chosen, which is remembered', async (t) => {
  const page = await demo.open(t, '/', { ...WIDE, colorScheme: 'light' })
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await paper()
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await paper()
  assert.notEqual(dark, light)
  await page.getByRole('button', { name: 'Use the light theme' }).click()
  await until(async () => (await paper()) === light)
  await page.reload()
  assert.equal(await paper(), light)
  await page.getByRole('button', { name: 'Use the dark theme' }).click()
  await until(async () => (await paper()) === dark)
  await page.reload()
  assert.equal(await paper(), dark)
})

test('the first paint does not move', async (t) => {
  const page = await demo.openAtOnce(t, '/dev/config.json', PHONE)
  await page.addInitScript(() => {
    window.shifts = []
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(demo.server.sse)
  await connected(page)
  await page.getByRole('region', { name: 'Start' }).waitFor()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  const shift = () => page.evaluate(() => window.shifts.reduce((sum, { value }) => sum + value, 0))
  const before = await shift()
  assert.ok(before < 0.05, `a layout shift of ${before}`)

  // The same is told of what does move, or nothing was measured.
  await page.evaluate(() => {
    document.querySelector('#root').style.paddingTop = '20rem'
  })
  await page.waitForFunction((known) => window.shifts.reduce((sum, { value }) => sum + value, 0) > known + 0.05, before)
})

test('nothing overflows a small phone', async (t) => {
  const page = await demo.open(t, '/', { ...PHONE, viewport: { width: 320, height: 640 } })
  await ask(page, 'markdown, with sources, follow up')
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth)
  assert.ok(width <= 320, `the page is ${width} pixels wide`)
})

test('on a phone the bar is one row, and the generations are in the list of chatflows', async (t) => {
  const page = await demo.open(t, '/', PHONE)
  const { height } = await page.getByRole('banner').boundingBox()
  assert.ok(height < 60, `the bar is ${height} pixels high`)
  await page.getByRole('button', { name: /^Chatflow: / }).click()
  const choice = page.getByRole('dialog', { name: 'Chatflows' }).getByRole('radio', { name: 'Flowise 2.0' })
  await choice.check({ force: true })
  await page.locator('.connection[title*="Flowise 2.0"]').waitFor()
})

test('nothing moves if the person prefers reduced motion', async (t) => {
  const page = await demo.open(t, '/', { ...WIDE, reducedMotion: 'reduce' })
  await ask(page, 'say One.')
  const moving = await page.evaluate(() => document.getAnimations().length)
  assert.equal(moving, 0)
})
