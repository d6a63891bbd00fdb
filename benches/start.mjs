// The time from the import to the first socket, in a page with an empty cache:
//
//   node start.mjs [--quick] [--json FILE]
//
// The module is loaded from a local server, so this is the time to unpack, parse, compile and run it, and to instantiate WebAssembly.

import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

import { startFlowise } from './flowise.mjs'
import { bundle, launch, median, runAlone, table } from './harness.mjs'
import { openPage } from './page.mjs'

const PLAIN = 'socket.io-client'
const OURS = 'flowise-stream'
const PARTS = ['import', 'call', 'Module', 'Instance', 'together', 'cpu']

/** Measures; gives the figures, and a table of them in Markdown. */
export async function start(values) {
  const rounds = values.quick ? 7 : 21
  const scripts = {}
  for (const name of [PLAIN, OURS]) scripts[`/${name}.js`] = await bundle(`start/${name}.js`, values)
  const flowise = await startFlowise({ scripts, socketIo: true })
  const browser = await launch(values)
  const times = { [PLAIN]: [], [OURS]: [] }
  try {
    // the first page of all is slower than any other
    for (let round = -1; round < rounds; round++) {
      for (const name of round % 2 ? [PLAIN, OURS] : [OURS, PLAIN]) {
        const time = await measure(browser, flowise, name)
        if (round >= 0) times[name].push(time)
      }
    }
  } finally {
    await browser.close()
    await flowise.stop()
  }
  const figures = Object.fromEntries(
    Object.entries(times).map(([name, each]) => [
      name,
      Object.fromEntries(PARTS.map((part) => [part, median(each.map((time) => time[part]))])),
    ]),
  )
  return { markdown: report(figures), figures: { start: { rounds, milliseconds: figures } } }
}

/** Milliseconds for the import, the first call, WebAssembly in it, and everything; and of the main thread's CPU time. */
async function measure(browser, flowise, name) {
  const page = await openPage(browser, flowise.url)
  try {
    const before = await page.cpuTime()
    const times = await page.run(async (script) => {
      const spent = { Module: 0, Instance: 0 }
      for (const name of Object.keys(spent)) {
        WebAssembly[name] = new Proxy(WebAssembly[name], {
          construct(target, args) {
            const start = performance.now()
            const made = new target(...args)
            spent[name] += performance.now() - start
            return made
          },
        })
      }
      const start = performance.now()
      const { open } = await import(script)
      const imported = performance.now()
      const socket = open(location.origin)
      const end = performance.now()
      socket.disconnect()
      return { import: imported - start, call: end - imported, ...spent, together: end - start }
    }, `/${name}.js`)
    return { ...times, cpu: (await page.cpuTime()) - before }
  } finally {
    await page.close()
  }
}

function report(figures) {
  const row = (what, part) => {
    const [plain, ours] = [figures[PLAIN][part], figures[OURS][part]]
    return [what, `${plain.toFixed(1)} ms`, `${ours.toFixed(1)} ms`, `${(ours - plain).toFixed(1)} ms`]
  }
  return table([
    ['start', PLAIN, OURS, 'more'],
    row('`import`', 'import'),
    row('first call', 'call'),
    row('… compiling WebAssembly', 'Module'),
    row('… instantiating it', 'Instance'),
    row('together', 'together'),
    row("main thread's CPU time", 'cpu'),
  ])
}

if (argv[1] === fileURLToPath(import.meta.url)) await runAlone(start)
