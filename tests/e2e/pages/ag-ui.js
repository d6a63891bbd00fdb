// An agent of AG-UI over flowiseFetch, for the test to run.

import { HttpAgent } from '@ag-ui/client'
import { flowiseFetch } from 'flowise-stream/ag-ui'

const { url, chatflowId } = Object.fromEntries(new URLSearchParams(location.search))
const agent = new HttpAgent({ url: `${url}/api/v1/prediction/${chatflowId}`, fetch: flowiseFetch() })

/** Asks, or resumes, and resolves with the events of the run. */
window.run = async (question, resume) => {
  const events = []
  if (question) agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: question })
  await agent.runAgent(resume && { resume }, { onEvent: ({ event }) => void events.push(event) })
  return { events, messages: agent.messages, interrupts: agent.pendingInterrupts, threadId: agent.threadId }
}
