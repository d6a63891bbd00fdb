import { useMemo } from 'react'
import { CopilotKitProvider, HttpAgent, useAgent, useCopilotKit, useInterrupt } from '@copilotkit/react-core/v2'
import { flowiseFetch } from 'flowise-stream/ag-ui'

export function App({ url, chatflowId }) {
  const agents = useMemo(() => ({ default: new HttpAgent({ url, fetch: flowiseFetch({ url, chatflowId }) }) }), [url, chatflowId])
  return (
    <CopilotKitProvider agents__unsafe_dev_only={agents}>
      <Chat />
    </CopilotKitProvider>
  )
}

function Chat() {
  const { agent } = useAgent()
  const { copilotkit } = useCopilotKit()
  const decision = useInterrupt({ renderInChat: false, render: Decision })

  const ask = (event) => {
    event.preventDefault()
    agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: new FormData(event.target).get('question') })
    event.target.reset()
    copilotkit.runAgent({ agent })
  }

  return (
    <main>
      {agent.messages.map(({ id, role, content }) => content && <p key={id} className={role}>{content}</p>)}
      {decision}
      {agent.isRunning ? <button onClick={() => copilotkit.stopAgent({ agent })}>Stop</button> : <form onSubmit={ask}><input name="question" /></form>}
    </main>
  )
}

const Decision = ({ interrupt, resolve }) => (
  <p className="decision">
    {interrupt.message}
    <button onClick={() => resolve({ approved: true })}>Yes</button>
    <button onClick={() => resolve({ approved: false })}>No</button>
  </p>
)
