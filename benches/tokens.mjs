// The main-thread time per token, with a server that sends token by token:
//
//   node tokens.mjs [--quick] [--engine ENGINE] [--json FILE]
//
// It is CPU time: Chromium says how much its tasks have spent, and for the other engines Linux says it of the main thread of the page's
// process. All clients have the same listener, and a page each, where one long answer is on its way; tokens come in blocks, to one page
// after the other, so that all see the same machine. The floor is a loop that reads the response and decodes nothing.

import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

import { ENGINES, chosen, cpuTime, cpuTimes, launchEngine, openIn } from './engines.mjs'
import { startFlowise } from './flowise.mjs'
import { bundle, launch, median, runAlone, table } from './harness.mjs'
import { openPage } from './page.mjs'

const FLOOR = 'bare reader'
const OURS = ['query + on', 'stream']
const PEERS = ['fetch-event-source', 'flowise-sdk']
const CLIENTS = [FLOOR, ...OURS, ...PEERS]

// Before the measurement, so that the code is as fast as it gets.
const WARM_UP = 1000

// New pages now and then, as no two are alike.
const paces = (engine, quick) => {
  const few = quick || engine !== 'chromium'
  return [
    { name: 'one every millisecond', ms: 1, count: 300, rounds: quick ? 4 : 12, pages: quick ? 1 : few ? 2 : 6 },
    { name: 'as fast as it goes', ms: 0, count: 20_000, rounds: quick ? 3 : 5, pages: few ? 1 : 3 },
  ]
}

/** Measures; gives the figures, and tables of them in Markdown. */
export async function tokens(values) {
  const figures = []
  for (const engine of chosen(values)) {
    figures.push(
      await withFlowise(values, engine, async (flowise, browser) => {
        const each = []
        for (const pace of paces(engine, values.quick)) each.push(await measure(flowise, browser, engine, pace))
        return { engine, version: version(browser), paces: each }
      }),
    )
  }
  return { markdown: figures.map(report).join('\n\n'), figures: { tokens: figures } }
}

const version = (browser) => (typeof browser.version === 'function' ? browser.version() : browser.version)

async function withFlowise(values, engine, use) {
  const script = await bundle('tokens/page.js', values)
  const flowise = await startFlowise({ scripts: { '/script.js': script } })
  const browser = await (engine === 'chromium' ? launch(values) : launchEngine(engine))
  try {
    return await use(flowise, browser)
  } finally {
    await browser.close()
    await flowise.stop()
  }
}

async function measure(flowise, browser, engine, { name, ms, count, rounds, pages }) {
  const costs = Object.fromEntries(CLIENTS.map((client) => [client, []]))
  for (let each = 0; each < pages; each++) {
    const visits = []
    for (const client of CLIENTS) visits.push(await Visit.start(flowise, browser, engine, client))
    for (let round = 0; round < rounds; round++) {
      for (const visit of round % 2 ? visits.toReversed() : visits) costs[visit.client].push(await visit.cost(count, ms))
    }
    for (const visit of visits) await visit.end()
  }
  const medianOf = (member) => Object.fromEntries(CLIENTS.map((client) => [client, median(costs[client].map((cost) => cost[member]))]))
  return {
    pace: name,
    tokens: pages * rounds * count,
    blocks: pages * rounds,
    microseconds: medianOf('time'),
    tokensPerRead: medianOf('tokensPerRead'),
  }
}

/** A page in which one client has an answer on its way. */
class Visit {
  #flowise
  #page
  #answer
  #sent = 0
  // the CPU time of the page so far, in milliseconds
  #spent

  static async start(flowise, browser, engine, client) {
    const visit = new Visit()
    const inChromium = engine === 'chromium'
    visit.client = client
    visit.#flowise = flowise
    visit.#page = inChromium ? await openPage(browser, flowise.url, '/script.js') : await openIn(browser, `${flowise.url}/?script=/script.js`)
    await visit.#page.run((client) => globalThis.start(client), client)
    visit.#answer = await flowise.prediction()
    visit.#answer.begin()
    await visit.take(WARM_UP, 0)
    // after a start, other processes of the browser are busy, too, and end
    const before = inChromium ? undefined : cpuTimes()
    await visit.take(WARM_UP / 2, 1)
    visit.#spent = inChromium ? () => visit.#page.cpuTime() : spentBy(busiest(before))
    return visit
  }

  /** Sends tokens until the client has handed them on. */
  async take(count, ms) {
    await this.#expect(count)
    await this.#send(count, ms)
  }

  #expect(count) {
    this.#sent += count
    return this.#page.run((count) => globalThis.expect(count), this.#sent)
  }

  async #send(count, ms) {
    const reached = this.#flowise.reached()
    await this.#answer.tokens(count, ms)
    await reached
  }

  /**
   * The main thread's CPU time in microseconds: for a token, if they come as fast as they go, else for what the client read at
   * once. On a busy machine that is more than a token now and then, and more often for whoever is slow.
   */
  async cost(count, ms) {
    const readsBefore = await this.#reads()
    await this.#expect(count)
    const idle = await this.#spent()
    const before = await this.#spent()
    await this.#send(count, ms)
    const after = await this.#spent()
    const reads = (await this.#reads()) - readsBefore
    // asking costs something, too
    const time = (after - before - (before - idle)) * 1000
    return { time: time / (ms ? reads : count), tokensPerRead: count / reads }
  }

  profile(count, ms) {
    return this.#page.profile(() => this.take(count, ms))
  }

  #reads() {
    return this.#page.run(() => globalThis.reads)
  }

  async end() {
    this.#answer.end()
    await this.#page.run(() => globalThis.finished)
    await this.#page.close()
  }
}

/** The process that has worked most since `before`. */
function busiest(before) {
  const spent = [...cpuTimes()].map(([pid, time]) => ({ pid, time: time - (before.get(pid) ?? 0) }))
  return spent.reduce((most, one) => (one.time > most.time ? one : most)).pid
}

const spentBy = (pid) => () => cpuTime(pid)

function report({ engine, version, paces }) {
  const rows = paces.map(({ pace, microseconds }) => {
    const floor = microseconds[FLOOR]
    const cell = (client) => {
      const time = microseconds[client].toFixed(1)
      return client === FLOOR ? time : `${time} (${percent(microseconds[client] / floor - 1)})`
    }
    return [pace, ...CLIENTS.map(cell)]
  })
  return table([[`µs per token in ${ENGINES[engine]} ${version}`, ...CLIENTS], ...rows])
}

const percent = (ratio) => `${ratio < 0 ? '−' : '+'}${Math.abs(ratio * 100).toFixed(0)} %`

/** Where the main thread's time goes, as a table in Markdown: the functions that take most. */
export async function profile(values, clients, { count = 3000, ms = 1, most = 20 } = {}) {
  const profiles = await withFlowise({ ...values, readable: true }, 'chromium', async (flowise, browser) => {
    const profiles = []
    for (const client of clients) {
      const visit = await Visit.start(flowise, browser, 'chromium', client)
      const times = await visit.profile(count, ms)
      profiles.push(new Map(times.map(({ name, time }) => [name, time / count])))
      await visit.end()
    }
    return profiles
  })
  const names = new Set(profiles.flatMap((profile) => [...profile.keys()]))
  const longest = (name) => Math.max(...profiles.map((profile) => profile.get(name) ?? 0))
  const rows = [...names].sort((a, b) => longest(b) - longest(a)).slice(0, most)
  return table([['µs per token', ...clients], ...rows.map((name) => [`\`${name}\``, ...profiles.map((profile) => (profile.get(name) ?? 0).toFixed(1))])])
}

if (argv[1] === fileURLToPath(import.meta.url)) await runAlone(tokens)
