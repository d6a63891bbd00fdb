// A separate page for each measurement, and Chromium's figures for it: CPU time, memory, profile.

/** Opens a page in a context of its own, so that nothing is cached, and loads a script into it. */
export async function openPage(browser, url, script) {
  const context = await browser.newContext()
  const page = await context.newPage()
  page.setDefaultTimeout(0)
  const failed = new Promise((_, reject) => page.on('pageerror', reject))
  failed.catch(() => {})
  await page.goto(url)
  const devtools = await context.newCDPSession(page)
  if (script) await page.addScriptTag({ url: script, type: 'module' })
  return new OpenPage(page, devtools, failed)
}

class OpenPage {
  #page
  #devtools
  #failed

  constructor(page, devtools, failed) {
    this.#page = page
    this.#devtools = devtools
    this.#failed = failed
  }

  /** Runs a function in the page; fails if the page throws anywhere. */
  run(code, argument) {
    return Promise.race([this.#page.evaluate(code, argument), this.#failed])
  }

  /** The CPU time that the main thread has spent on tasks so far, in milliseconds. */
  async cpuTime() {
    // the domain can only be chosen anew, and by default it is the time on the wall
    await this.#devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
    const { metrics } = await this.#devtools.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000
  }

  /** The bytes of the JavaScript heap that are in use, after everything was collected that can be. */
  async heap() {
    await this.#devtools.send('HeapProfiler.enable')
    // weak references and finalizers let go in rounds
    for (let round = 0; round < 5; round++) await this.#devtools.send('HeapProfiler.collectGarbage')
    const { usedSize } = await this.#devtools.send('Runtime.getHeapUsage')
    return usedSize
  }

  /** Where the time of `work` is spent: microseconds in each function itself, the longest first. */
  async profile(work) {
    await this.#devtools.send('Profiler.enable')
    await this.#devtools.send('Profiler.setSamplingInterval', { interval: 50 })
    await this.#devtools.send('Profiler.start')
    await work()
    const { profile } = await this.#devtools.send('Profiler.stop')
    return selfTimes(profile)
  }

  close() {
    return this.#page.context().close()
  }
}

const IDLE = new Set(['(idle)', '(root)'])

function selfTimes({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName || '(anonymous)']))
  const times = new Map()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id)
    if (!IDLE.has(name)) times.set(name, (times.get(name) ?? 0) + timeDeltas[index])
  }
  return [...times].map(([name, time]) => ({ name, time })).sort((a, b) => b.time - a.time)
}
