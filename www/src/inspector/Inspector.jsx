import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'

import '../style/inspector.css'
import { Icon } from '../parts/Icon.jsx'
import { IconButton } from '../parts/IconButton.jsx'
import { generationName, generationOf, transportName } from '../servers.js'
import { readRecording, saveRecording } from './recording.js'

// More rows than anybody reads; the file has them all.
const MOST_ROWS = 600
// A payload of more bytes is shown by its size, and by its beginning when it is opened.
const LARGE = 200_000

/** The events behind the answers, as they came. */
export default function Inspector({ recorder, server, connection, onClose, onReplay }) {
  const { entries, run, dropped } = useSyncExternalStore(recorder.subscribe, recorder.snapshot)
  const [hidden, setHidden] = useState(() => new Set())
  const [problem, setProblem] = useState('')
  const list = useRef(null)
  const follows = useRef(true)
  const input = useRef(null)

  const names = useMemo(() => namesOf(entries), [entries])
  const shown = useMemo(() => entries.filter((entry) => !hidden.has(entry.name)), [entries, hidden])
  const rows = shown.slice(-MOST_ROWS)
  const start = entries[0]?.at ?? 0

  useLayoutEffect(() => {
    if (follows.current) list.current.scrollTop = list.current.scrollHeight
  })

  // The drawer of a phone covers the page, so it can be closed like one.
  useEffect(() => {
    const onKey = (event) => {
      if (event.key === 'Escape' && matchMedia('(max-width: 60rem)').matches) onClose()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [onClose])

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
        {rows.length === 0 && <p className="rows-empty">Ask something, and what the server says appears here, event by event.</p>}
        {shown.length > rows.length && (
          <p className="rows-empty">{`${(shown.length - rows.length + dropped).toLocaleString('en')} earlier ones are not shown.`}</p>
        )}
        <ol className="rows">
          {rows.map((entry) => (
            <Row key={entry.key} entry={entry} start={start} />
          ))}
        </ol>
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

const Row = memo(function Row({ entry, start }) {
  const [open, setOpen] = useState(false)
  const { kind, name, data, extra, at } = entry
  const payload = extra ? { data, ...extra } : data
  const short = entry.size > LARGE ? inBytes(entry.size) : inShort(payload)
  return (
    <li className={`row ${kind}`}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <time>{((at - start) / 1000).toFixed(3)}</time>
        <span className="row-name">{name}</span>
        <span className="row-payload">{short}</span>
      </button>
      {open && <pre tabIndex={0}>{inFull(payload)}</pre>}
    </li>
  )
})

function namesOf(entries) {
  const counts = new Map()
  for (const { name } of entries) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
}

const inShort = (payload) => {
  if (payload === undefined) return ''
  const text = JSON.stringify(payload)
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
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
