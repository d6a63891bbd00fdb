/**
 * Chromium and Firefox, driven by Playwright. CHROME, HEADLESS_SHELL and FIREFOX name other programs.
 */

import { existsSync } from 'node:fs'

const CHROMIUM = process.env.CHROME ?? '/usr/bin/chromium'

/** Chromium without windows and what belongs to them: the same pages take a third less of the processor. Where it is not installed, Chromium is used. */
const HEADLESS_SHELL = process.env.HEADLESS_SHELL ?? process.env.CHROME ?? ['/usr/bin/chromium-headless-shell'].find(existsSync) ?? CHROMIUM

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

/** Lets all pages run in one process, which stays: otherwise, each page of each test starts one, which takes longer than most tests. */
const ONE_PROCESS = {
  'fission.autostart': false,
  'dom.ipc.keepProcessesAlive.web': 1,
  'dom.ipc.processCount': 1,
  'dom.ipc.processPrelaunch.enabled': false,
}

/** Keeps no page that was left. Firefox keeps them only if each site has a process of its own, as it has for people. */
const NOTHING_KEPT = { 'browser.sessionhistory.max_total_viewers': 0, ...ONE_PROCESS }

// The browser's own messages about the network are not problems of the page.
const CHROMIUM_NOTICES = /^Failed to load resource|^Access to (fetch|XMLHttpRequest|resource) |^WebSocket connection to |net::ERR_/
const FIREFOX_NOTICES = /Cross-Origin Request Blocked|Content-Security-Policy:|can’t establish a connection to the server at|The connection to .* was interrupted/

/** The programs, and what of their messages is not of the page's making. */
const BROWSERS = {
  chromium: {
    notices: CHROMIUM_NOTICES,
    async launch({ backForwardCache, shell }) {
      const { chromium } = await import('playwright-core')
      // the shell has no back/forward cache
      const executablePath = shell && !backForwardCache ? HEADLESS_SHELL : CHROMIUM
      // on by default for people, off in Playwright
      const ignoreDefaultArgs = backForwardCache ? ['--disable-back-forward-cache'] : []
      return chromium.launch({ executablePath, args: CHROMIUM_FLAGS, ignoreDefaultArgs, chromiumSandbox: false })
    },
  },
  firefox: {
    notices: FIREFOX_NOTICES,
    async launch({ backForwardCache }) {
      const { firefox } = await import('playwright-core-for-firefox')
      const shared = process.env.SHARED_BROWSER
      return shared && !backForwardCache ? firefox.connect(shared) : firefox.launch(firefoxOptions({ backForwardCache }))
    },
    limit: FIREFOX_LIMIT,
  },
}

// The package is the last version that drives an ordinary Firefox: 1.65 sends a command that Firefox does not know.
const firefoxOptions = ({ backForwardCache }) => ({
  channel: 'moz-firefox',
  executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  firefoxUserPrefs: { ...FIREFOX_PREFERENCES, ...(backForwardCache ? {} : NOTHING_KEPT) },
  timeout: FIREFOX_START_LIMIT,
})

/** Starts a Firefox for the files of a run: SHARED_BROWSER takes its address. Each gets contexts of its own, which end with its connection. */
export async function serveFirefox() {
  const { firefox } = await import('playwright-core-for-firefox')
  const server = await firefox.launchServer(firefoxOptions({ backForwardCache: false }))
  return { address: server.wsEndpoint(), close: () => server.close() }
}

/**
 * @param {'chromium' | 'firefox'} engine
 * @param {{ backForwardCache?: boolean, shell?: boolean }} options `shell`: Chromium without windows, if it can do the rest
 */
export async function launch(engine, { backForwardCache = false, shell = false }) {
  const { launch, limit, notices } = BROWSERS[engine]
  const browser = await launch({ backForwardCache, shell })
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
