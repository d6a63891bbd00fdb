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

/** How long a page of Firefox may take to show something, in milliseconds: it needs several times Chromium's time. */
const FIREFOX_LIMIT = 120_000

/** How long Firefox may take to start: on a machine with ten times as much work as processors, two minutes were not enough. */
const FIREFOX_START_LIMIT = 300_000

/** Connections that nobody uses are closed soon: tests wait for a server that has none. */
const FIREFOX_PREFERENCES = { 'network.http.keep-alive.timeout': 2 }

// The browser's own account of what the network did: a test that wants to know looks at what the page was told.
const CHROMIUM_NOTICES = /^Failed to load resource|^Access to (fetch|XMLHttpRequest|resource) |^WebSocket connection to |net::ERR_/
const FIREFOX_NOTICES = /Cross-Origin Request Blocked|Content-Security-Policy:|can’t establish a connection to the server at|The connection to .* was interrupted/

/** The programs, and what of their messages is not of the page's making. */
const BROWSERS = {
  chromium: {
    notices: CHROMIUM_NOTICES,
    async launch({ backForwardCache }) {
      const { chromium } = await import('playwright-core')
      const executablePath = process.env.CHROME ?? '/usr/bin/chromium'
      // what Playwright turns off, and people have
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
