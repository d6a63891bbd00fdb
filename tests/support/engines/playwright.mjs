/**
 * Chromium and Firefox, driven by Playwright. CHROME and FIREFOX name other programs.
 */

const CHROMIUM_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The time limit for an element to appear in Firefox, in milliseconds. It needs several times as long as Chromium. */
const FIREFOX_LIMIT = 120_000

/** The time limit for Firefox to start: on a machine with ten times as much work as processors, two minutes were not enough. */
const FIREFOX_START_LIMIT = 300_000

const FIREFOX_PREFERENCES = {
  // closes idle connections soon, because tests wait until a server has none
  'network.http.keep-alive.timeout': 2,
  // While a driver is connected, Firefox would record a stack for every promise. That costs several times what a token costs.
  'javascript.options.asyncstack': false,
}

// The browser's own messages about the network are not problems of the page.
const CHROMIUM_NOTICES = /^Failed to load resource|^Access to (fetch|XMLHttpRequest|resource) |^WebSocket connection to |net::ERR_/
const FIREFOX_NOTICES = /Cross-Origin Request Blocked|Content-Security-Policy:|can’t establish a connection to the server at|The connection to .* was interrupted/

/** The programs, and what of their messages is not of the page's making. */
const BROWSERS = {
  chromium: {
    notices: CHROMIUM_NOTICES,
    async launch({ backForwardCache }) {
      const { chromium } = await import('playwright-core')
      const executablePath = process.env.CHROME ?? '/usr/bin/chromium'
      // on by default for people, off in Playwright
      const ignoreDefaultArgs = backForwardCache ? ['--disable-back-forward-cache'] : []
      return chromium.launch({ executablePath, args: CHROMIUM_FLAGS, ignoreDefaultArgs, chromiumSandbox: false })
    },
  },
  firefox: {
    notices: FIREFOX_NOTICES,
    // The last version that drives an ordinary Firefox: 1.65 sends a command that Firefox does not know.
    async launch({ backForwardCache }) {
      const { firefox } = await import('playwright-core-for-firefox')
      const executablePath = process.env.FIREFOX ?? '/usr/bin/firefox-esr'
      const firefoxUserPrefs = { ...FIREFOX_PREFERENCES, ...(backForwardCache ? {} : { 'browser.sessionhistory.max_total_viewers': 0 }) }
      return firefox.launch({ channel: 'moz-firefox', executablePath, firefoxUserPrefs, timeout: FIREFOX_START_LIMIT })
    },
    limit: FIREFOX_LIMIT,
  },
}

/**
 * @param {'chromium' | 'firefox'} engine
 * @param {{ backForwardCache?: boolean }} options
 */
export async function launch(engine, { backForwardCache = false }) {
  const { launch, limit, notices } = BROWSERS[engine]
  const browser = await launch({ backForwardCache })
  return {
    version: browser.version(),
    async newPage(options) {
      const context = await browser.newContext(options)
      if (limit) context.setDefaultTimeout(limit)
      const page = await context.newPage()
      page.problems = []
      const note = (text) => notices.test(text) || page.problems.push(text)
      page.on('pageerror', (error) => note(String(error?.stack ?? error)))
      page.on('console', (message) => {
        if (message.type() === 'error' && !notices.test(message.text())) note(`console.error: ${message.text()}`)
      })
      return page
    },
    close: () => browser.close(),
  }
}
