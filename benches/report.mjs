// Writes the report of all benchmarks: docs/benchmarks.md, its chart, and the check of the targets.

import { cpus, totalmem } from 'node:os'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { version as node } from 'node:process'

import { chart } from './chart.mjs'
import { ENGINES } from './engines.mjs'
import { table } from './harness.mjs'

const OWN = 'flowise-stream'
const FLOOR = 'bare reader'

const SECTIONS = {
  decode: [
    'Decoding',
    `The same chunks go to every decoder, each in a page of its own, and all must give the same parsed events. \`flowise-stream\` is \`EventStreamDecoder\`;
the others are \`createParser\` of eventsource-parser, the parser of @microsoft/fetch-event-source and the loop of flowise-sdk, each with
\`JSON.parse\`. In the mixed text, one token in four is Chinese, Japanese, Arabic, Russian, emoji or has accents; the rest is English with
code and escapes, like all of the English text. A stream has 20,000 events and repeats itself after some hundreds; a table of the strings of repeated tokens
would make it a fifth faster, but answers that repeat fewer tokens slower, so there is none. One big event needs little decoding: all decoders spend their time in \`JSON.parse\` and in reading UTF-8.`,
  ],
  tokens: [
    'A token, end to end',
    `A local server writes one chunk for each token. The figure is the CPU time of the page's main thread per token, once an answer is
running. Chromium reports the time of its tasks (\`TaskDuration\` in thread time). For the other engines it is Linux's count for the whole
thread, which includes everything else that it does: compare clients, not engines. All clients have the same listener, which appends the token to a string. The bare
reader only calls \`reader.read()\` and decodes nothing: no client can need less.`,
  ],
  'socket-io': [
    'Socket.IO',
    `\`connect(url).on('token', …)\` and socket.io-client's \`io(url).on('token', …)\` on a local server with Socket.IO, over a WebSocket. Events
per second of CPU time are those of the page's main thread; most of the elapsed time is spent in the server and in the browser's network process. “During a query”
compares \`socket.query(…)\`, which assembles the answer from the same events, with a \`fetch\` beside the socket.`,
  ],
  start: [
    'Start',
    `From \`import()\` to the return of the first call (\`connect(url)\`, \`io(url)\`), in a new page with nothing cached. The local
server sends the script compressed. WebAssembly is compiled at the first call.`,
  ],
  memory: [
    'Memory',
    `The JavaScript heap after a garbage collection, and WebAssembly's memory, before and after one long answer. A shorter answer precedes it.`,
  ],
  size: [
    'Size',
    `The first load of each entry, bundled and minified with everything that it imports, except React. \`react\`, \`store\`, \`ai\` and \`ag-ui\` load
socket.io-client later, and only for a Flowise before 2.1.`,
  ],
}

/** The targets of decoding mixed text, as multiples of the best peer's speed: one event per chunk, 1400 B, 16 KiB and 64 KiB. */
const LEAST_FACTORS = { chromium: [5, 7, 9, 9], firefox: [5, 6, 9, 9], webkit: [5, 6, 9, 9] }

/** The targets, each with its measurement. A part that did not run has no targets. */
export function targets({ decode, tokens, socketIo, start, memory, size }) {
  const list = []
  const add = (what, target, measured, met) => list.push({ what, target, measured, met })
  for (const { engine, shapes } of decode ?? []) {
    const inEngine = engine === 'chromium' ? '' : ` in ${ENGINES[engine]}`
    // the mixed text comes first
    for (const [index, least] of LEAST_FACTORS[engine].entries()) {
      const { shape, milliseconds } = shapes[index]
      const { [OWN]: ours, ...peers } = milliseconds
      const factor = Math.min(...Object.values(peers).map((time) => time ?? Infinity)) / ours
      add(`decoding${inEngine}, ${shape}`, `${least}× the best peer`, `${factor.toFixed(1)}×`, factor >= least)
    }
    const big = shapes.filter(({ events }) => events === 1)
    if (big.length < 2) continue
    const perByte = big.map(({ bytes, milliseconds }) => milliseconds[OWN] / bytes)
    const growth = Math.max(...perByte) / Math.min(...perByte)
    add('decoding, one big event', 'linear', `time per byte within ${growth.toFixed(1)}×`, growth < 2)
  }
  const inChromium = tokens?.find(({ engine }) => engine === 'chromium')
  if (inChromium) {
    const { pace, microseconds } = inChromium.paces[0]
    const { [FLOOR]: floor, 'query + on': query, stream, ...peers } = microseconds
    const best = Math.min(...Object.values(peers))
    for (const [name, time] of [['query + on', query], ['stream', stream]]) {
      const more = time / floor - 1
      add(`\`${name}\`, ${pace}`, 'within 5 % of the floor', signed(more), more <= 0.05)
      add(`\`${name}\`, ${pace}`, 'not above the better peer', `${signed(time / best - 1)} of it`, time <= best)
    }
  }
  if (socketIo) {
    for (const [name, of] of [['alone', 'Socket.IO events'], ['querying', 'Socket.IO events during a query']]) {
      const { [OWN]: ours, ...peer } = socketIo[name].cpu
      const ratio = ours / Object.values(peer)[0]
      add(`${of}, by CPU time`, '0.97 of socket.io-client', ratio.toFixed(2), ratio >= 0.97)
    }
    const { [OWN]: ours, ...peer } = socketIo.connect
    const later = ours / Object.values(peer)[0] - 1
    add('time to `connect`', 'at most 5 % later', signed(later), later <= 0.05)
  }
  if (start) {
    const { [OWN]: ours, ...peer } = start.milliseconds
    const more = ours.together - Object.values(peer)[0].together
    add('start', 'at most 8 ms more than socket.io-client', `${more.toFixed(1)} ms`, more <= 8)
  }
  if (memory) {
    for (const [name, { before, after }] of Object.entries(memory.bytes)) {
      const heap = (after.heap - before.heap) / memory.tokens
      const wasm = after.wasm - before.wasm
      const measured = `heap ${heap.toFixed(2)} bytes a token, WebAssembly ${(wasm / 1024).toFixed(0)} KiB`
      add(`memory, \`${name}\``, 'flat', measured, heap < 0.5 && wasm <= 1 << 20)
    }
  }
  if (size) {
    for (const [entry, name, most] of [['main entry', OWN, 45], ['entry for frameworks', `${OWN}/store`, 32]]) {
      const { gzip } = size[`\`${name}\``]
      add(`${entry}, gzip`, `at most ${most} kB`, `${(gzip / 1000).toFixed(1)} kB`, gzip <= most * 1000)
    }
  }
  return list
}

const signed = (ratio) => `${ratio < 0 ? '−' : '+'}${Math.abs(ratio * 100).toFixed(1)} %`

/** The reasons for missed targets, by a part of the target's name. */
const REASONS = {
  'mixed text': () => `**mixed text**: of an event's time in chunks of 64 KiB, by a sampling profile in WebKit, WebAssembly takes 31 % (finding the
events, and writing text beyond ASCII as UTF-16), the loop with the listener 20 %, \`slice\` 15 %, TextDecoder 10 %, and memory and its
collection the rest. A chunk of 1400 bytes has some 24 events, and the one or two calls of TextDecoder that it takes are a quarter of their time. The
factors differ from run to run, in WebKit by a fifth.`,
  'one big event': () => `**one big event**: memory that is used for the first time and exceeds every cache is slower; the time of eventsource-parser, which
is linear too, grows in the same way. With quadratic work, a byte of 64 MB would take 32 times as long as a byte of 2 MB.`,
  'one every': ({ tokens }) => {
    const { paces } = tokens.find(({ engine }) => engine === 'chromium')
    const [slow, fast] = paces.map(({ microseconds }) => microseconds)
    const added = (times, name) => `${(times[name] - times[FLOOR]).toFixed(1)} µs`
    const both = (times) => `${added(times, 'query + on')} (\`query\` + \`on\`) and ${added(times, 'stream')} (\`stream\`)`
    return `**a token**: the package adds ${both(fast)} to the browser's own work when tokens arrive back to back, and
${both(slow)} when they arrive one every millisecond. The code is the same: between two tokens, the
browser's own work evicts it from the processor's caches. No function of the package is near the top of the profile below. Rounds differ by more
than this overhead.`
  },
  'Socket.IO events': () => `**Socket.IO events**: an event costs the main thread some 70 µs with either client, and all JavaScript together takes 4 µs of that, in the
same functions of socket.io-client. The rest is the browser's WebSocket, whose time differs by a fifth from round to round.`,
  start: ({ start: { milliseconds } }) => {
    const { [OWN]: ours, ...peer } = milliseconds
    const plain = Object.values(peer)[0]
    const ms = (part) => `${(ours[part] - plain[part]).toFixed(1)} ms`
    return `**start**: fetching and parsing the longer script takes ${ms('import')} more, compiling its WebAssembly ${ms('Module')}, and
instantiating it ${ms('Instance')}. The main thread's CPU time is ${ms('cpu')} longer, nearly all of it in the first call: by Chromium's trace, 2.4 ms
are the compilation of the 92 WebAssembly functions that run for the first time (25 µs each), 2.1 ms that of 90 more JavaScript functions, 1 ms the reading of
the bytes from the script, and 1 ms the module and its instance. \`import\` itself costs the main thread no more CPU time.
These were tried: without a dynamic import in the main entry, bundlers no longer wrap every module of socket.io-client (5 ms less CPU time, taken); options and effects that
cross the boundary as one string instead of by 190 calls made no difference; a string without replaced zeros would save 0.6 ms, but tools damage it. With
\`flowise-stream/slim\`, the browser compiles the WebAssembly off the main thread while it loads.`
  },
  'main entry': ({ size }) => {
    const kilobytes = (name) => `${(size[name].gzip / 1000).toFixed(1)} kB`
    return `**size**: of the ${kilobytes(`\`${OWN}\``)}, ${kilobytes('socket.io-client')} are socket.io-client, 13 kB are the package's own JavaScript, and the rest is
WebAssembly. By a profile of its functions, its 61 kB of code before compression are 18 kB for the state machine (5 kB the steps of
a prediction, 3 kB the lines in which runs wait, 2 kB their outcomes), 13 kB for the driver (options 4 kB, effects 3 kB, \`connect\` 2 kB), 13 kB for the
decoder, 1 kB for errors, 1 kB for the allocator, and 8 kB for Rust's core library. No function stands out, so less code means fewer features.
These were tried: a standard library rebuilt with \`panic=immediate-abort\` saves 2.4 kB gzip (7 % of the WebAssembly), but needs a nightly flag and
the sources of the standard library on every build machine; \`opt-level = "s"\` (2.3 kB more), other inlining thresholds than the present one and LLVM's outliner make it larger or
change it by less than 1 %; wasm-opt's \`--flatten --rereloop\`, \`--gufa\` and \`--reorder-functions\` by less than 1 %. Already in use: a pass that removes
panic messages, one-letter names, \`talc\` as the allocator, and a small stack. \`flowise-stream/slim\` keeps the WebAssembly in a
separate file, which a browser caches apart from the page's script.`
  },
}

/** The reasons for the missed targets. */
function reasons(figures) {
  const missed = targets(figures).filter(({ met }) => !met)
  const known = Object.entries(REASONS).filter(([name]) => missed.some(({ what }) => what.includes(name)))
  return known.map(([, reason]) => reason(figures))
}

/** The targets as a table in Markdown. */
export const targetTable = (figures) =>
  table([
    ['what', 'target', 'measured', ''],
    ...targets(figures).map(({ what, target, measured, met }) => [what, target, measured, met ? 'met' : '**missed**']),
  ])

/** The page about a whole run: `parts` are the Markdown of each part by name. */
export function page(parts, figures, { command, seconds, load, profile }) {
  const sections = Object.entries(parts).map(([name, markdown]) => `## ${SECTIONS[name][0]}\n\n${SECTIONS[name][1]}\n\n${markdown}`)
  const notes = profile ? [`## Where the time goes\n\n${profile}`] : []
  return `# Benchmarks

![Decoding, and what a token costs the main thread](images/benchmarks.svg)

Written by \`${command}\`, in one run of ${plural(Math.round(seconds / 60), 'minute')}: medians of interleaved rounds in
${browsers(figures)} on ${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${node},
with a load average of ${load.toFixed(1)} at the start: other work on the machine makes all times longer and less certain. All servers are local.

The others are ${peers()}.

## Targets

${[targetTable(figures), ...reasons(figures)].join('\n\n')}

${[...sections, ...notes].join('\n\n')}
`
}

const browsers = ({ decode }) => sequence(decode.map(({ engine, version }) => `${ENGINES[engine]} ${version}`))

const sequence = (words) => [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' and ')

const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`

function peers() {
  const { devDependencies } = JSON.parse(readFileSync(resolve(import.meta.dirname, 'package.json'), 'utf8'))
  const tools = ['esbuild', 'playwright-core', 'react']
  const names = Object.entries(devDependencies).filter(([name]) => !tools.includes(name))
  return names.map(([name, version]) => `${name} ${version}`).join(', ')
}

/** The chart of a whole run. */
export function image({ decode, tokens }) {
  const inChromium = (figures) => figures.find(({ engine }) => engine === 'chromium')
  const perSecond = inChromium(decode)
    .shapes.filter(({ shape }) => shape.startsWith('mixed'))
    .map(({ shape, events, milliseconds }) => ({
      name: shape,
      bars: Object.entries(milliseconds).map(([name, time]) => {
        const value = events / time / 1000
        return { name, value, text: value.toFixed(1), ours: name === OWN }
      }),
    }))
  const perToken = inChromium(tokens).paces.map(({ pace, microseconds }) => ({
    name: `tokens ${pace}`,
    bars: Object.entries(microseconds).map(([name, value]) => ({
      name,
      value,
      text: value.toFixed(value < 10 ? 2 : 1),
      ours: ['query + on', 'stream'].includes(name),
    })),
  }))
  return chart([
    { title: 'Decoding in Chromium: million events per second (longer is better)', groups: perSecond },
    { title: 'Chromium’s main thread: µs per token, end to end (shorter is better; the bare reader decodes nothing)', groups: perToken },
  ])
}
