// The browser engines that the decoding and token benchmarks run in, and the CPU time of a page in each.

import { readFileSync, readdirSync } from 'node:fs'
import { pid as self } from 'node:process'

import { launch as launchPlaywright } from '../tests/support/engines/playwright.mjs'
import { launch as launchWebKit } from '../tests/support/engines/webkit.mjs'

/** The engines by their names in the report. */
export const ENGINES = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' }

/** Those that the options ask for. */
export const chosen = ({ engine }) => (engine ? [engine] : Object.keys(ENGINES))

/** Starts a browser, with pages as the tests use them. */
export async function launchEngine(engine) {
  return engine === 'webkit' ? launchWebKit({}) : launchPlaywright(engine, {})
}

/** Opens a page, and gives what runs functions in it. They fail if the page has had problems. */
export async function openIn(browser, url) {
  const page = await browser.newPage()
  page.setDefaultTimeout?.(0)
  await page.goto(url)
  return {
    async run(code, argument) {
      const value = await page.evaluate(code, argument)
      if (page.problems.length > 0) throw new Error(page.problems.join('\n'))
      return value
    },
    close: () => page.context().close(),
  }
}

// What names the process of a page: an argument, or a program.
const OF_PAGES = /--type=renderer|-contentproc.*\btab\b|WebKitWebProcess/

/**
 * The CPU time of the main threads of the pages' processes that this program has started, in milliseconds, by process: what Linux counts,
 * exact to a nanosecond. Only Chromium tells a page's time itself.
 */
export function cpuTimes() {
  const processes = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          // the name of the program, in brackets, may hold anything
          const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
          return [[Number(pid), Number(parent)]]
        } catch {
          return [] // it has ended
        }
      }),
  )
  const isOurs = (pid) => pid === self || (processes.has(pid) && isOurs(processes.get(pid)))
  const times = new Map()
  for (const pid of processes.keys()) {
    if (!isOurs(pid)) continue
    try {
      if (OF_PAGES.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))) times.set(pid, cpuTime(pid))
    } catch {
      // it has ended
    }
  }
  return times
}

/** The CPU time of a process's main thread, in milliseconds. */
export const cpuTime = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
