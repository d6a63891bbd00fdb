/**
 * What the demo page loads before its first paint on a slow phone. Network and processor are throttled as in Lighthouse's mobile
 * preset, but no assertion depends on the speed of the machine.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PHONE, connected, demoForTests } from '../support/demo.mjs'

const SLOW = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 }
const SLOWDOWN = 4

const demo = demoForTests()

/** Opens the page over a slow line, on a slow processor. */
async function openSlowly(t) {
  const page = await demo.openAtOnce(t, '/dev/config.json', PHONE)
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await session.send('Network.emulateNetworkConditions', SLOW)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
  await page.addInitScript(() => {
    window.shifts = []
    window.paints = []
    const note = (type, into) =>
      new PerformanceObserver((list) => into.push(...list.getEntries())).observe({ type, buffered: true })
    note('layout-shift', window.shifts)
    note('largest-contentful-paint', window.paints)
  })
  await page.goto(demo.server.sse)
  return page
}

/** What there is to know of the loading, when all of it is over. */
async function loaded(page) {
  await connected(page)
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  return page.evaluate(() => {
    return {
      // The element of the largest paint, if React has made it: what the page came with is replaced, and has gone.
      largest: window.paints.at(-1).element?.outerHTML,
      shift: window.shifts.filter(({ hadRecentInput }) => !hadRecentInput).reduce((sum, { value }) => sum + value, 0),
      resources: performance.getEntriesByType('resource').map(({ name, encodedBodySize, renderBlockingStatus }) => ({
        name: new URL(name).pathname,
        blocks: renderBlockingStatus === 'blocking',
        bytes: encodedBodySize,
      })),
    }
  })
}

test('the first paint needs one response of the server, which fits into one round trip', async (t) => {
  const page = await demo.openAtOnce(t, '/dev/config.json', PHONE)
  // Nothing else ever arrives.
  await page.route((url) => url.pathname !== '/', () => {})
  await page.goto(demo.server.sse, { waitUntil: 'commit' })
  const [paint] = await page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list, observer) => {
          const found = list.getEntriesByName('first-contentful-paint')
          if (found.length === 0) return
          observer.disconnect()
          resolve(found.map(({ name }) => name))
        }).observe({ type: 'paint', buffered: true })
      }),
  )
  assert.equal(paint, 'first-contentful-paint')
  const bytes = await page.evaluate(() => performance.getEntriesByType('navigation')[0].encodedBodySize)
  assert.ok(bytes > 0 && bytes < 14_000, `the page has ${bytes} bytes`)
})

test('the page names the code of the chat, so its fetch waits for no other code', async () => {
  const html = await (await fetch(demo.server.sse)).text()
  assert.match(html, /<link rel="modulepreload"[^>]*href="\.\/assets\/Chat-/)
})

test('until the chat is there, the page shows what it came with', async (t) => {
  const page = await demo.openAtOnce(t, '/dev/config.json', PHONE)
  await page.route('**/assets/Chat-*.js', () => {})
  await page.goto(demo.server.sse, { waitUntil: 'commit' })
  await page.getByRole('banner').getByRole('button', { name: 'Settings' }).waitFor()
  const [shown, came] = await page.evaluate(async () => {
    const came = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html')
    // React hides what is suspended, and puts the same after it
    return [document, came].map((page) => page.querySelector('.work > :last-child').outerHTML.replace(/>\s+</g, '><'))
  })
  assert.equal(shown, came)
})

test('on a slow phone nothing blocks the first paint, and its content does not change or move', async (t) => {
  const { largest, shift, resources } = await loaded(await openSlowly(t))
  assert.deepEqual(
    resources.filter(({ blocks }) => blocks),
    [],
  )
  assert.equal(largest, undefined)
  assert.ok(shift < 0.05, `a layout shift of ${shift}`)
})

test('the code for answers, events and settings loads on demand', async (t) => {
  const { resources } = await loaded(await openSlowly(t))
  const names = resources.map(({ name }) => name).join('\n')
  assert.match(names, /assets\/Chat-/)
  assert.doesNotMatch(names, /assets\/(Markdown|Inspector|Settings)-/)
  const bytes = resources.filter(({ name }) => name.includes('/assets/')).reduce((sum, { bytes }) => sum + bytes, 0)
  assert.ok(bytes < 175_000, `the page’s code has ${bytes} bytes`)
})
