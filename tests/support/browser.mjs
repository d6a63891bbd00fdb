/**
 * One browser for a test file, and pages that fail their test when something goes wrong in them unseen.
 *
 * ENGINE chooses `chromium` (the default), `firefox` or `webkit`. All are used by Playwright's interface: WebKit by the part of it that
 * `engines/webkit.mjs` has.
 */

import * as playwright from './engines/playwright.mjs'
import * as webkit from './engines/webkit.mjs'
import { ENGINE } from './engines/engine.mjs'

// Node's test runner sends this to a file that has taken too long, and waits for its end. Playwright listens for it without ending the process.
process.once('SIGTERM', () => process.exit(1))

/** A browser, which `start` starts. */
export class Browser {
  #options
  #browser
  #spare = []

  /** @param {{ backForwardCache?: boolean }} [options] whether it keeps the pages that were left; where it does not, a page that is left has ended */
  constructor(options = {}) {
    this.#options = options
  }

  async start() {
    this.#browser = ENGINE === 'webkit' ? await webkit.launch(this.#options) : await playwright.launch(ENGINE, { shell: true, ...this.#options })
  }

  async stop() {
    await this.#browser?.close()
  }

  /** Opens a page that an earlier caller gave back, or a new one. */
  async borrow(url) {
    const page = this.#spare.pop() ?? (await this.open('about:blank'))
    await page.goto(url)
    return page
  }

  /** Takes a page back, whose document ends here with all its connections; gives the problems that it had. */
  async giveBack(page) {
    await page.goto('about:blank')
    this.#spare.push(page)
    return page.problems.splice(0)
  }

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
    const page = await this.#browser.newPage(options)
    await page.goto(url)
    return page
  }
}

/** Starts a browser. */
export async function startBrowser(options) {
  const browser = new Browser(options)
  await browser.start()
  return browser
}

/** For `openFor`: a page whose context no other test has, since this one changes it or measures it. */
export const OWN = {}

/**
 * Opens a page for one test, which fails if the page had problems.
 *
 * Tests without options share a page: each has a document of its own in it, since a new page takes longer than most tests.
 *
 * @param {import('node:test').TestContext} t
 * @param {Browser} browser
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
