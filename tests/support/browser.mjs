/**
 * One Chromium for a test file, and pages that fail their test when something goes wrong in them unseen.
 */

import { chromium } from 'playwright-core'

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// The browser's own account of what the network did: a test that wants to know looks at what the page was told.
const NETWORK = /^Failed to load resource|^Access to (fetch|XMLHttpRequest|resource) |^WebSocket connection to |net::ERR_/

/** Starts Chromium; CHROME names another one. */
export async function startBrowser({ args = [] } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROME ?? '/usr/bin/chromium',
    args: [...FLAGS, ...args],
    chromiumSandbox: false,
  })
  const spare = []
  return {
    browser,

    /** Opens a page that an earlier caller gave back, or a new one. */
    async borrow(url) {
      const page = spare.pop() ?? (await this.open('about:blank'))
      await page.goto(url)
      return page
    },

    /** Takes a page back, whose document ends here with all its connections; gives the problems that it had. */
    async giveBack(page) {
      await page.goto('about:blank')
      spare.push(page)
      return page.problems.splice(0)
    },

    /**
     * Opens a page in a context of its own.
     *
     * What goes wrong in it unseen is in `page.problems`: exceptions that nobody caught, promises whose rejection nobody
     * handled, and what was written with `console.error`.
     *
     * @param {string} url
     * @param {import('playwright-core').BrowserContextOptions} [options]
     */
    async open(url, options) {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      page.problems = []
      page.on('pageerror', (error) => page.problems.push(String(error?.stack ?? error)))
      page.on('console', (message) => {
        if (message.type() === 'error' && !NETWORK.test(message.text())) page.problems.push(`console.error: ${message.text()}`)
      })
      await page.goto(url)
      return page
    },

    stop: () => browser.close(),
  }
}

/** For `openFor`: a page whose context no other test has, since this one changes it or measures it. */
export const OWN = {}

/**
 * Opens a page for one test, which fails if the page had problems.
 *
 * Tests without options share a page: each has a document of its own in it, since a new page takes longer than most tests.
 *
 * @param {import('node:test').TestContext} t
 * @param {Awaited<ReturnType<typeof startBrowser>>} browser
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function openFor(t, browser, url, options) {
  const page = options ? await browser.open(url, options) : await browser.borrow(url)
  t.after(async () => {
    const problems = options ? page.problems : await browser.giveBack(page)
    if (options) await page.context().close()
    if (problems.length > 0) throw new Error(`in the page: ${problems.join('\n')}`)
  })
  return page
}
