import { useContext } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { ChatContext } from './ChatContext.js'
import { StartForm } from './StartForm.jsx'
import { describeError } from './describeError.js'

// Prompts for the dev server's scripted flow, which chooses its answer by the words in a question.
const SHOWCASE = [
  { title: 'Formatted text', prompt: 'Show me some markdown' },
  { title: 'A tool and its sources', prompt: 'calculate 6*7, with sources' },
  { title: 'A team of agents', prompt: 'everyone, say Owls fly without a sound.' },
  { title: 'A decision of yours', prompt: 'ask me before you go on' },
]

/** Shown before the first question. `form`: the form that the flow begins with. */
export function Welcome({ server, connection, form, onAsk }) {
  const { config, onSettings } = useContext(ChatContext)
  const { flow } = server
  const showcase = flow?.id === 'scripted'
  const prompts = showcase
    ? SHOWCASE
    : flow?.question
      ? [{ title: 'A question that suits it', prompt: flow.question }]
      : starters(config)
  return (
    <section className="welcome" aria-label="Start">
      <h2>{showcase || !flow ? 'Watch an answer stream' : title(flow.name)}</h2>
      <p className="lead">
        {showcase
          ? 'Token by token, with every source, tool and agent behind it.'
          : (flow?.about ?? 'Ask your chatflow anything. The events behind the answer are one click away.')}
      </p>
      {(connection.status === 'reconnecting' || connection.status === 'failed') && connection.error && (
        <Unreachable error={connection.error} onSettings={onSettings} />
      )}
      {form ? (
        <StartForm form={form} onSend={(values) => onAsk({ form: values })} />
      ) : (
        <ul className="prompts">
          {prompts.map(({ title, prompt }) => (
            <li key={prompt}>
              <button type="button" onClick={() => onAsk(prompt)}>
                {title && <strong>{title}</strong>}
                <span>{prompt}</span>
                <Icon name="send" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {showcase && <p className="welcome-note">This chatflow is scripted: it needs no account, no key and no network.</p>}
    </section>
  )
}

/** The starter prompts of the chatflow's owner. */
const starters = (config) =>
  Object.values(config?.starterPrompts ?? {})
    .filter(({ prompt }) => prompt)
    .map(({ prompt }) => ({ prompt }))

function Unreachable({ error, onSettings }) {
  const { title, advice, remedy } = describeError(error.code ? error : { ...error, message: error.message, code: 'connect' })
  return (
    <div className="notice">
      <Icon name="warning" />
      <p>
        <strong>{title}.</strong> {advice}
      </p>
      {remedy && (
        <button type="button" className="quiet" onClick={onSettings}>
          Settings
        </button>
      )}
    </div>
  )
}

const title = (name) => name.charAt(0).toUpperCase() + name.slice(1)
