import { Icon } from '../parts/Icon.jsx'
import { inWords } from '../parts/inWords.js'
import { Artifacts } from './Artifacts.jsx'
import { Tools } from './Tools.jsx'

const STATUS = { running: 'at work', done: 'done', waiting: 'waits for you', failed: 'failed', stopped: 'stopped' }

/** Shows the agents and nodes at work as a line of steps. */
export function Steps({ steps, active }) {
  const done = steps.filter(({ status }) => status === 'done').length
  const current = steps.findLast(({ status }) => status === 'running')
  const words = active
    ? current
      ? `${current.label} at work`
      : 'At work'
    : `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`
  return (
    <details className="steps" open>
      <summary>
        <Icon name="steps" />
        <span>{words}</span>
        <Icon name="chevron" />
        {active && <span className="steps-count">{`${done} of ${steps.length}`}</span>}
      </summary>
      <ol>
        {steps.map((step) => (
          <li key={step.key} className={step.status}>
            <Step step={step} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function Step({ step }) {
  const detail = detailOf(step)
  // `humanInput` becomes `human input`; a node called Start needs no further label.
  const kind = step.next
    ? ''
    : (step.kind ?? '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(step.label.toLowerCase(), '')
  const head = (
    <>
      <span className="step-mark" aria-hidden="true" />
      <span className="step-label">{step.label}</span>
      {step.next && (
        <span className="step-next">{step.next === 'FINISH' ? 'finishes' : `→ ${step.next.replaceAll('_', ' ')}`}</span>
      )}
      {kind && <span className="step-kind">{kind}</span>}
      {step.seconds !== undefined && <span className="step-time">{inTime(step.seconds)}</span>}
      <span className="unseen">{STATUS[step.status]}</span>
    </>
  )
  if (!detail) return <p className="step-head">{head}</p>
  return (
    <details className="step">
      <summary className="step-head">{head}</summary>
      {detail}
    </details>
  )
}

const inTime = (seconds) => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`)

function detailOf({ instructions, text, tools = [], artifacts = [], input, output, error }) {
  const parts = [
    ['Told to', instructions],
    ['Said', text],
    ['Input', input && inWords(input)],
    [
      'Output',
      output && (typeof output.content === 'string' && output.content !== '' ? output.content : inWords(output)),
    ],
    ['Error', inWords(error)],
  ].filter(([, value]) => value)
  if (parts.length === 0 && tools.length === 0 && artifacts.length === 0) return null
  return (
    <>
      <dl className="in-out">
        {parts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <pre tabIndex={0}>{value}</pre>
            </dd>
          </div>
        ))}
      </dl>
      {tools.length > 0 && <Tools tools={tools} />}
      {artifacts.length > 0 && <Artifacts artifacts={artifacts} />}
    </>
  )
}
