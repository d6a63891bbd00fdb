/**
 * The helpers of these tests can fail: what goes wrong unseen in a page fails its test, and what a page keeps is measured.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { openFor, OWN } from '../support/browser.mjs'
import { ENGINE } from '../support/engines/engine.mjs'
import { assertFlat, memoryOf } from '../support/memory.mjs'
import { needs } from '../support/needs.mjs'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

const PROBLEMS = {
  'an uncaught exception': () =>
    void setTimeout(() => {
      throw new Error('unseen')
    }),
  'a rejection that nobody handles': () => void Promise.reject(new Error('unseen')),
  'console.error': () => console.error('unseen'),
}

describe('what happens in a page', () => {
  const { browser, site, open } = stage()

  /** Opens a page for a test whose end is ours. */
  const openForOther = async (options) => {
    const ends = []
    const page = await openFor({ after: (end) => ends.push(end) }, browser, site.url, options)
    return { page, end: () => Promise.all(ends.map((end) => end())) }
  }

  for (const [whose, options] of Object.entries({ shared: undefined, 'of its own': OWN })) {
    for (const [what, act] of Object.entries(PROBLEMS)) {
      test(`${what} in a page, ${whose}, fails the test that opened it, and no other`, async () => {
        const { page, end } = await openForOther(options)
        await page.evaluate(act)
        await until(() => page.problems.length > 0)
        await assert.rejects(end(), /in the page: .*unseen/s)
        const next = await openForOther(options)
        await next.end()
      })
    }
  }

  test('the driver of this engine is asked for what it can do', () => {
    for (const need of ['memory', 'freezing', 'network']) {
      const { skip } = needs(need)
      if (ENGINE === 'chromium') assert.equal(skip, undefined)
      else if (skip) assert.ok(skip.startsWith(ENGINE), skip)
    }
  })

  const KEPT = [
    ['a megabyte of objects', /heap grew/, () => void (window.kept = Array.from({ length: 250_000 }, (_, index) => ({ index })))],
    ["WebAssembly's memory", /WebAssembly's memory grew/, () => void (window.kept = new WebAssembly.Memory({ initial: 3 }))],
    ['a listener', /^listeners/, () => addEventListener('focus', () => {})],
    [
      'a socket',
      /^sockets/,
      async () => {
        const { io } = await import('socket.io-client')
        window.kept = io('http://127.0.0.1:1', { autoConnect: false })
      },
    ],
  ]

  for (const [what, says, keep] of KEPT) {
    test(`${what} that stays is measured`, needs('memory'), async (t) => {
      const page = await open(t, '', OWN)
      const memory = await memoryOf(page)
      // the first one loads the classes that it counts
      await memory.measure()
      const before = await memory.measure()
      assertFlat(t, before, await memory.measure(), { heap: 1_000_000 })
      await page.evaluate(keep)
      const after = await memory.measure()
      assert.throws(() => assertFlat(t, before, after, { heap: 1_000_000, wasm: 2 * 65_536 }), { message: says })
    })
  }
})
