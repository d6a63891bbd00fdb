/**
 * WebKit behind the part of Playwright's interface that tests use. Playwright drives a WebKit of its own only, which is not in Debian.
 */

import { PREPARE, pack, unpack, untilElement } from './in-webkit.js'
import { startWebKit } from './webdriver.mjs'

/** How long to wait for an element, in milliseconds. */
const LIMIT = 120_000

const KEYS = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004', Backspace: '\uE003' }
const ROLES = { button: 'button, [role=button]', link: 'a[href]', region: 'section, [role=region]', dialog: 'dialog, [role=dialog]' }

/** A browser whose pages all have one session; each context is a window. */
export async function launch({ backForwardCache = false }) {
  const { session, stop } = await startWebKit([`--enable-page-cache=${backForwardCache}`])
  return {
    version: session.version,
    async newPage() {
      return new Page(session, await session.open())
    },
    close: stop,
  }
}

/** Throws for a feature without a WebDriver command. Tests declare such needs with `tests/support/needs.mjs`. */
const unable = (what) => () => {
  throw new Error(`WebKit's driver cannot ${what}: add it to tests/support/needs.mjs`)
}

/** All windows share one storage, and the next context has to begin with nothing: what the page would still store is not stored. */
function forget() {
  localStorage.clear()
  Storage.prototype.setItem = () => {}
}

class Page {
  problems = []
  #session
  #window
  #calls = 0

  constructor(session, window) {
    this.#session = session
    this.#window = window
    this.keyboard = {
      press: (key) => this.#type([KEYS[key] ?? key]),
      type: (text) => this.#type([...text]),
      insertText: (text) => this.evaluate((text) => void document.execCommand('insertText', false, text), text),
    }
  }

  addInitScript = unable('run a script before those of the page')
  route = unable('answer requests')

  context() {
    return {
      close: async () => {
        await this.#listen()
        await this.evaluate(forget).catch(() => {})
        await this.#session.close(this.#window)
      },
      setOffline: unable('take the network away'),
      newCDPSession: unable('speak the protocol of Chromium’s tools'),
      newPage: unable('open another page of the same context'),
    }
  }

  async goto(url) {
    await this.#listen()
    await this.#send('POST', 'url', { url })
    await this.#run(PREPARE)
  }

  /** Collects the problems of the document before it is replaced. */
  async #listen() {
    await this.evaluate(() => {}).catch(() => {})
  }

  /** Runs a function or an expression in the page. Argument and result are JSON values or `undefined`. */
  async evaluate(work, argument) {
    const id = ++this.#calls
    const begin = `${PREPARE}
      const driver = window[Symbol.for('driver')]
      driver.begin(${id}, () => {
        const work = (${work})
        return typeof work === 'function' ? work(driver.unpack(arguments[0])) : work
      })`
    let { pending, value, error } = await this.#run(begin, id, pack(argument))
    for (let pause = 1; pending; pause = Math.min(2 * pause, 20)) {
      await new Promise((resolve) => setTimeout(resolve, pause))
      ;({ pending, value, error } = await this.#run('', id))
    }
    if (error === undefined && value === undefined) throw new Error('another page has come in the place of the one that was asked')
    if (error !== undefined) throw new Error(error)
    return unpack(value)
  }

  async waitForFunction(holds, argument) {
    while (!(await this.evaluate(holds, argument))) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  waitForSelector(selector, { state } = {}) {
    return this.locator(selector).waitFor({ state })
  }

  locator(selector, options) {
    return new Locator(this, []).locator(selector, options)
  }

  getByLabel = (...args) => new Locator(this, []).getByLabel(...args)
  getByRole = (...args) => new Locator(this, []).getByRole(...args)
  getByText = (...args) => new Locator(this, []).getByText(...args)
  getByTestId = (...args) => new Locator(this, []).getByTestId(...args)

  async #type(keys) {
    const actions = keys.flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }])
    await this.#send('POST', 'actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
  }

  /** Runs a script, and tells the outcome of the piece of work that has the number, as far as there is one. */
  async #run(script, id, argument) {
    const look = id === undefined ? '' : `return window[Symbol.for('driver')]?.look(${id})`
    const body = { script: `${script}\n${look}`, args: [argument ?? null] }
    const { problems = [], ...outcome } = (await this.#session.exclusive(this.#window, () => this.#session.script(body))) ?? {}
    this.problems.push(...problems)
    return outcome
  }

  #send(method, path, body) {
    return this.#session.exclusive(this.#window, () => this.#session.send(method, path, body))
  }
}

/** A locator: finds elements by what a person sees. Reading and clicking use the first one. */
class Locator {
  #page
  #steps

  constructor(page, steps) {
    this.#page = page
    this.#steps = steps
  }

  #then = (...steps) => new Locator(this.#page, [...this.#steps, ...steps])

  locator = (selector, { hasText } = {}) => this.#then(['css', selector], ...(hasText === undefined ? [] : [['hasText', text(hasText)]]))
  getByLabel = (name, options) => this.#then(['css', 'input, textarea, select, [aria-label]'], ['name', text(name, options)])
  getByRole = (role, { name, exact } = {}) => this.#then(['css', ROLES[role]], ...(name === undefined ? [] : [['name', text(name, { exact })]]))
  getByText = (wanted, options) => this.#then(['text', text(wanted, options)])
  getByTestId = (id) => this.#then(['css', `[data-testid="${id}"]`])
  nth = (index) => this.#then(['nth', index])
  first = () => this.nth(0)
  /** The elements that also match another locator, which must be a single selector. */
  and = (other) => this.#then(['matches', other.#steps[0][1]])

  /** The value of a function of the elements. */
  #tell(tell, argument) {
    return this.#page.evaluate(`({ steps, argument }) => (${tell})(window[Symbol.for('driver')].find(steps), argument)`, {
      steps: this.#steps,
      argument,
    })
  }

  async #tellFirst(tell, argument) {
    await this.waitFor({ state: 'attached' })
    return this.#tell(`([element], argument) => (${tell})(element, argument)`, argument)
  }

  waitFor({ state = 'visible' } = {}) {
    return this.#page.evaluate(untilElement, { steps: this.#steps, state, limit: LIMIT })
  }

  async click() {
    await this.waitFor()
    await this.#tell(([element]) => element.click())
  }

  focus = () => this.#tellFirst((element) => element.focus())
  evaluate = (run, argument) => this.#tellFirst(run, argument)
  count = () => this.#tell((all) => all.length)
  innerText = () => this.#tellFirst((element) => element.innerText)
  textContent = () => this.#tellFirst((element) => element.textContent)
  inputValue = () => this.#tellFirst((element) => element.value)
  getAttribute = (name) => this.#tellFirst((element, name) => element.getAttribute(name), name)
  allInnerTexts = () => this.#tell((all) => all.map((element) => element.innerText))
  allTextContents = () => this.#tell((all) => all.map((element) => element.textContent))
}

const text = (wanted, { exact = false } = {}) => ({ wanted, exact })
