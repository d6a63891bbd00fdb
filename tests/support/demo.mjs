/**
 * The built demo page, served by a dev server, and what a person does with it.
 */

import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { Browser, openFor } from './browser.mjs'
import { DevServer } from './dev-server.mjs'
import { ENGINE } from './engines/engine.mjs'
import { startAll, startForTests } from './stage.mjs'

const DIST = resolve(import.meta.dirname, '../../www/dist')

/** Where pictures of the page go. */
export const ARTIFACTS = resolve(import.meta.dirname, '../artifacts')

export const WIDE = { viewport: { width: 1280, height: 800 } }
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }

/** The page of a dev server, and a browser. */
export class Demo {
  server
  browser = new Browser()

  /** @param {{ args?: string[] }} [options] further arguments for the dev server */
  constructor({ args = [] } = {}) {
    this.server = new DevServer(['--www', DIST, ...args])
  }

  async start() {
    if (!existsSync(join(DIST, 'index.html'))) throw new Error(`${DIST} is missing: build the page with cargo xtask test www`)
    await mkdir(ARTIFACTS, { recursive: true })
    await startAll([this.server, this.browser])
  }

  async stop() {
    await Promise.all([this.browser.stop(), this.server.stop()])
  }

  /** Opens the page for one test and waits until it is connected. */
  async open(t, path = '/', options = WIDE) {
    const page = await this.openAtOnce(t, path, options)
    await connected(page)
    return page
  }

  /** Opens one of its pages without waiting for anything. */
  openAtOnce(t, path, options = WIDE) {
    return openFor(t, this.browser, this.server.sse + path, options)
  }
}

/** The demo page for all tests of a file. */
export function demoForTests() {
  const demo = new Demo()
  startForTests(demo)
  return demo
}

/** Waits until the page says that it is connected. */
export const connected = (page) => page.locator('.connection.connected').waitFor({ state: 'attached' })

/** Types a question and sends it. */
export async function type(page, question) {
  await page.getByLabel('Your question').focus()
  // what Firefox's driver inserts as a whole, React does not see
  await (ENGINE === 'firefox' ? page.keyboard.type(question) : page.keyboard.insertText(question))
  await page.keyboard.press('Enter')
}

/** Asks, and waits for the end of the answer; gives its turn. */
export async function ask(page, question) {
  const before = await page.locator('.turn').count()
  await type(page, question)
  return over(page, before)
}

/** Waits for the end of the turn after `before` others. */
export async function over(page, before) {
  const turn = page.locator('.turn').nth(before)
  await turn.and(page.locator(':is([data-status=done], [data-status=failed], [data-status=stopped])')).waitFor()
  return turn
}

/** Plays a recording of these entries in the page: `[kind, name, data]`, `pause` milliseconds apart. */
export async function replay(page, entries, pause = 0) {
  if (!(await page.getByLabel('Recording').count())) await page.getByRole('button', { name: 'Events', exact: true }).click()
  const recording = {
    format: 'flowise-stream recording',
    version: 1,
    entries: entries.map(([kind, name, data], index) => ({ at: index * pause, kind, name, data })),
  }
  await page.getByLabel('Recording').setInputFiles({
    name: 'recording.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(recording)),
  })
}

/** The text of the answer. */
export const textOf = async (turn) => (await turn.locator('.markdown').allInnerTexts()).join('\n').trim()
