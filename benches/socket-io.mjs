// Socket.IO through `connect` and through socket.io-client itself:
//
//   node socket-io.mjs [--quick] [--json FILE]
//
// Events per second, on a socket alone and while a query runs on it, whose answer is assembled from the same events; and the
// time from the call to `connect`. Both have the same listener, and every round a new page.

import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

import { emitTokens, startFlowise } from './flowise.mjs'
import { bundle, launch, median, runAlone, table } from './harness.mjs'
import { openPage } from './page.mjs'

const PLAIN = 'socket.io-client'
const OURS = 'flowise-stream'
const CLIENTS = [PLAIN, OURS]

const WARM_UP = 5000

/** Measures; gives the figures, and a table of them in Markdown. */
export async function socketIo(values) {
  const { quick } = values
  const script = await bundle('socket-io/page.js', values)
  const flowise = await startFlowise({ scripts: { '/script.js': script }, socketIo: true })
  const browser = await launch(values)
  try {
    const connect = await timesToConnect(browser, flowise, { rounds: quick ? 5 : 101 })
    const shape = { count: quick ? 5000 : 10_000, rounds: quick ? 3 : 15 }
    const alone = await events(browser, flowise, { ...shape, querying: false })
    const querying = await events(browser, flowise, { ...shape, querying: true })
    const figures = { connect, alone, querying, ...shape }
    return { markdown: report(figures), figures: { socketIo: figures } }
  } finally {
    await browser.close()
    await flowise.stop()
  }
}

/** The time from the call to `connect`, in milliseconds: the median of each client. */
async function timesToConnect(browser, flowise, { rounds }) {
  const page = await openPage(browser, flowise.url, '/script.js')
  const time = (name) => page.run((name) => globalThis.timeToConnect(name), name)
  const times = { [PLAIN]: [], [OURS]: [] }
  for (const name of CLIENTS) await time(name)
  for (let round = 0; round < rounds; round++) {
    for (const name of inTurn(round)) times[name].push(await time(name))
  }
  await page.close()
  return medians(times)
}

/** What events cost: the medians of each client. */
async function events(browser, flowise, { count, rounds, querying }) {
  const wall = { [PLAIN]: [], [OURS]: [] }
  const cpu = { [PLAIN]: [], [OURS]: [] }
  for (let round = 0; round < rounds; round++) {
    for (const name of inTurn(round)) {
      const figures = await measure(browser, flowise, name, { count, querying })
      wall[name].push(figures.wall)
      cpu[name].push(figures.cpu)
    }
  }
  const perSecond = (times) => Object.fromEntries(Object.entries(medians(times)).map(([name, ms]) => [name, (count / ms) * 1000]))
  return { wall: perSecond(wall), cpu: perSecond(cpu) }
}

/** The time on the wall and the main thread's CPU time for `count` events, in milliseconds. */
async function measure(browser, flowise, name, { count, querying }) {
  const page = await openPage(browser, flowise.url, '/script.js')
  const id = await page.run((name) => globalThis.listen(name), name)
  const socket = flowise.socket(id)
  let answer
  if (querying) {
    await page.run((name) => globalThis.ask(name), name)
    answer = await flowise.prediction()
  }
  const send = async (count) => {
    const received = page.run((count) => globalThis.received(count), count)
    // an answer to a later call says that the page is ready
    await page.run(() => {})
    await emitTokens(socket, count)
    return received
  }
  await send(WARM_UP)
  const before = await page.cpuTime()
  const wall = await send(count)
  const cpu = (await page.cpuTime()) - before
  if (querying) {
    const text = flowise.token.repeat(WARM_UP + count)
    answer.json({ text })
    const reply = await page.run(() => globalThis.reply.then(({ text }) => text))
    if (reply !== text) throw new Error(`${name} lost a part of the answer`)
  }
  await page.run(() => globalThis.hangUp())
  await page.close()
  return { wall, cpu }
}

// Whoever is second finds the machine warmer.
const inTurn = (round) => (round % 2 ? [...CLIENTS].reverse() : CLIENTS)

const medians = (times) => Object.fromEntries(Object.entries(times).map(([name, each]) => [name, median(each)]))

function report({ connect, alone, querying }) {
  const row = (name, figures, unit, digits) => [
    name,
    `${figures[PLAIN].toFixed(digits)} ${unit}`,
    `${figures[OURS].toFixed(digits)} ${unit}`,
    (figures[OURS] / figures[PLAIN]).toFixed(2),
  ]
  const thousands = (figures) => Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value / 1000]))
  return table([
    ['Socket.IO', ...CLIENTS, 'ratio'],
    row('from the call to `connect`', connect, 'ms', 1),
    row('events per second', thousands(alone.wall), 'k', 0),
    row('events per second of CPU time', thousands(alone.cpu), 'k', 0),
    row('… during a query', thousands(querying.wall), 'k', 0),
    row('… during a query, of CPU time', thousands(querying.cpu), 'k', 0),
  ])
}

if (argv[1] === fileURLToPath(import.meta.url)) await runAlone(socketIo)
