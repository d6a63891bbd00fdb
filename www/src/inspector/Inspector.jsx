import { memo, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'

import '../style/inspector.css'
import { Icon } from '../parts/Icon.jsx'
import { IconButton } from '../parts/IconButton.jsx'
import { useEscape } from '../parts/useEscape.js'
import { useMedia } from '../parts/useMedia.js'
import { generationName, generationOf, transportName } from '../servers.js'
import { readRecording, saveRecording } from './recording.js'
import { lastRows, runsOf, sortOf } from './rows.js'

// The list shows this many rows; the saved file has all of them.
const MOST_ROWS = 600
// A longer payload shows only its size, and its beginning when it is opened.
const LARGE = 200_000
// A row shows this much of its payload.
const SHORT = 160

/** Lists the events that the answers were made from. */
export default function Inspector({ recorder, server, connection, onClose, onReplay }) {
  const { entries, run, dropped } = useSyncExternalStore(recorder.subscribe, recorder.snapshot)
  const [hidden, setHidden] = useState(() => new Set())
  const [problem, setProblem] = useState('')
  const list = useRef(null)
  const follows = useRef(true)
  const input = useRef(null)
  const isDrawer = useMedia('(max-width: 60rem)')

  const names = useMemo(() => namesOf(entries), [entries])
  const shown = useMemo(() => entries.filter((entry) => !hidden.has(entry.name)), [entries, hidden])
  const runs = useMemo(() => runsOf(shown), [shown])
  const listed = lastRows(runs, MOST_ROWS)
  const unlisted = countRows(runs) - countRows(listed) + dropped

  useLayoutEffect(() => {
    if (follows.current) list.current.scrollTop = list.current.scrollHeight
  })

  // On a phone, the drawer covers the page, so Escape closes it.
  useEscape(isDrawer, onClose, true)

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = list.current
    follows.current = scrollHeight - scrollTop - clientHeight < 40
  }

  const toggle = (name) =>
    setHidden((known) => {
      const next = new Set(known)
      if (!next.delete(name)) next.add(name)
      return next
    })

  const onFile = async (event) => {
    const [file] = event.target.files
    event.target.value = ''
    if (!file) return
    try {
      onReplay({ entries: await readRecording(file) })
      setProblem('')
    } catch (error) {
      setProblem(error.message)
    }
  }

  const save = () => saveRecording(entries, { generation: server?.generation })
  const replay = () => onReplay({ entries })

  return (
    <aside className="inspector" aria-label="Events">
      <header>
        <h2>Events</h2>
        <IconButton icon="close" label="Close the events" onClick={onClose} />
      </header>
      <dl className="facts">
        <Fact
          name="Server"
          value={
            server?.generation
              ? generationName(server.generation)
              : connection.transport
                ? generationOf(connection.transport)
                : '–'
          }
        />
        <Fact name="Transport" value={transportName(connection.transport) || '–'} />
        <Fact name="First token" value={run?.firstTokenAt ? inTime(run.firstTokenAt - run.startedAt) : '–'} />
        <Fact name="Speed" value={speed(run)} />
        <Fact name="Events" value={run ? run.events.toLocaleString('en') : '–'} />
        <Fact name="Payload" value={run ? inBytes(run.bytes) : '–'} />
      </dl>
      <div className="filters" role="group" aria-label="Show">
        {names.map(([name, count]) => (
          <button key={name} type="button" aria-pressed={!hidden.has(name)} onClick={() => toggle(name)}>
            {name} <span>{count}</span>
          </button>
        ))}
      </div>
      <div className="rows-frame" ref={list} onScroll={onScroll} tabIndex={0} role="region" aria-label="Timeline">
        {listed.length === 0 && <p className="rows-empty">Ask something, and what the server says appears here, event by event.</p>}
        {unlisted > 0 && <p className="rows-empty">{`${unlisted.toLocaleString('en')} earlier ones are not shown.`}</p>}
        {listed.map((run) => (
          // The bars of all rows of a run have one time scale.
          <ol key={run.key} className="rows" style={{ '--span': Math.max(run.end - run.start, 1) }}>
            {run.rows.map((row) => (
              <Row key={row.key} row={row} count={row.entries.length} start={run.start} />
            ))}
          </ol>
        ))}
      </div>
      <footer>
        <button type="button" className="quiet" onClick={save} disabled={entries.length === 0}>
          <Icon name="download" />
          <span>Save</span>
        </button>
        <button type="button" className="quiet" onClick={replay} disabled={!entries.some(({ kind }) => kind === 'ask')}>
          <Icon name="play" />
          <span>Replay</span>
        </button>
        <button type="button" className="quiet" title="Open a recording" onClick={() => input.current.click()}>
          <Icon name="file" />
          <span>Open</span>
        </button>
        <input ref={input} type="file" accept="application/json,.json" hidden onChange={onFile} aria-label="Recording" />
        <button type="button" className="quiet end" onClick={() => recorder.clear()} disabled={entries.length === 0}>
          Clear
        </button>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
      </footer>
    </aside>
  )
}

const Fact = ({ name, value }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

const countRows = (runs) => runs.reduce((count, { rows }) => count + rows.length, 0)

/** One entry, or several that expand into rows of their own. Only the `count` of a row changes. */
const Row = memo(
  function Row({ row, count, start }) {
    const [open, setOpen] = useState(false)
    const { kind, name, entries } = row
    const [first] = entries
    const begins = first.at - start
    const takes = entries.at(-1).at - first.at
    return (
      <li className={`row ${kind} sort-${sortOf(name)}`}>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <time>{(begins / 1000).toFixed(3)}</time>
          <span className="row-what">
            <span className="row-name">{name}</span>
            {count > 1 && <span className="row-count">{`×${count.toLocaleString('en')}`}</span>}
          </span>
          <span className="row-payload">{count > 1 ? inShortOfAll(entries) : inShortOf(first)}</span>
          <span className="row-bar" style={{ '--begins': begins, '--takes': takes }} />
        </button>
        {open && count === 1 && <pre tabIndex={0}>{inFull(payloadOf(first))}</pre>}
        {open && count > 1 && (
          <ol className="rows">
            {entries.slice(-MOST_ROWS).map((entry) => (
              <Row key={entry.key} row={{ kind, name, entries: [entry] }} count={1} start={start} />
            ))}
          </ol>
        )}
      </li>
    )
  },
  (before, after) => before.count === after.count && before.start === after.start && before.row.key === after.row.key,
)

function namesOf(entries) {
  const counts = new Map()
  for (const { name } of entries) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
}

const payloadOf = ({ data, extra }) => (extra ? { data, ...extra } : data)
const cut = (text) => (text.length > SHORT ? `${text.slice(0, SHORT)}…` : text)

function inShortOf(entry) {
  if (entry.size > LARGE) return inBytes(entry.size)
  const payload = payloadOf(entry)
  return payload === undefined ? '' : cut(JSON.stringify(payload))
}

/** The joined text of several entries; for other payloads the last one, because most lists are cumulative. */
function inShortOfAll(entries) {
  let text = ''
  for (const { data } of entries) {
    if (typeof data !== 'string') return inShortOf(entries.at(-1))
    text += data
    if (text.length > SHORT) break
  }
  return cut(text.replace(/\s+/g, ' '))
}

function inFull(payload) {
  const text = typeof payload === 'string' ? payload : (JSON.stringify(payload, null, 2) ?? 'no payload')
  return text.length > LARGE ? `${text.slice(0, LARGE)}…` : text
}

const inTime = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`)

function inBytes(bytes) {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function speed(run) {
  if (!run || run.tokens < 2) return '–'
  const seconds = (run.lastTokenAt - run.firstTokenAt) / 1000
  return seconds > 0 ? `${Math.round(run.tokens / seconds).toLocaleString('en')} tokens/s` : '–'
}
