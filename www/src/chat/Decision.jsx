import { useId, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { inWords } from '../parts/inWords.js'

const isReject = (element) => element.type.includes('reject')

/** The flow waits for a person’s decision: one button for each choice. Without `onDecide`, the choices are only shown. */
export function Decision({ action, onDecide }) {
  const [feedback, setFeedback] = useState('')
  const id = useId()
  const calls = Array.isArray(action.mapping?.toolCalls) ? action.mapping.toolCalls : []
  const takesFeedback =
    action.elements.some((element) => element.type.startsWith('agentflowv2')) && action.data?.input?.humanInputEnableFeedback

  return (
    <section className="decision" aria-label="The flow asks for your decision">
      <p className="decision-title">
        <Icon name="action" />
        <strong>{inWords(action.data?.nodeLabel) || 'Your decision'}</strong>
      </p>
      {calls.map((call, index) => (
        <p key={index} className="decision-call">
          The agent wants to use <code>{inWords(call?.name)}</code> with <code>{JSON.stringify(call?.args)}</code>
        </p>
      ))}
      {takesFeedback && (
        <label htmlFor={id} className="decision-feedback">
          <span>What should it take into account?</span>
          <input id={id} value={feedback} onChange={(event) => setFeedback(event.target.value)} />
        </label>
      )}
      <div className="decision-buttons">
        {action.elements.map((element) => (
          <button
            key={element.type + element.label}
            type="button"
            className={isReject(element) ? 'secondary' : 'primary'}
            disabled={!onDecide}
            onClick={() => onDecide(isReject(element) ? 'reject' : 'proceed', { feedback })}
          >
            {element.label}
          </button>
        ))}
      </div>
    </section>
  )
}
