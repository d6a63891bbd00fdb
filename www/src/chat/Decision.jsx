import { useId, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { inWords } from '../parts/inWords.js'

const isReject = (element) => element.type.includes('reject')

/** The flow waits for a person: one button for each way on. Without `onAsk` it is only shown. */
export function Decision({ action, onAsk }) {
  const [feedback, setFeedback] = useState('')
  const id = useId()
  const calls = Array.isArray(action.mapping?.toolCalls) ? action.mapping.toolCalls : []
  const node = action.data?.nodeId
  const takesFeedback =
    action.elements.some((element) => element.type.startsWith('agentflowv2')) && action.data?.input?.humanInputEnableFeedback

  const choose = (element) => {
    const isAgentFlow = element.type.startsWith('agentflowv2')
    const humanInput = { type: isReject(element) ? 'reject' : 'proceed', startNodeId: node, feedback }
    // An AgentFlow takes its decision apart from the question, older agents take the button's words as the question.
    onAsk({
      question: isAgentFlow ? feedback : element.label,
      shown: feedback ? `${element.label}: ${feedback}` : element.label,
      body: isAgentFlow ? { humanInput } : { action },
    })
  }

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
            disabled={!onAsk}
            onClick={() => choose(element)}
          >
            {element.label}
          </button>
        ))}
      </div>
    </section>
  )
}
