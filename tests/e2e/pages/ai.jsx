// A chat with useChat of the AI SDK over FlowiseChatTransport. It reports to the test what it does.

import { createRoot } from 'react-dom/client'
import * as sdk from 'ai'
import { useChat } from '@ai-sdk/react'
import { isFlowiseError } from 'flowise-stream'
import { FlowiseChatTransport } from 'flowise-stream/ai'
import { resumption } from 'flowise-stream/store'

const { url, chatflowId } = Object.fromEntries(new URLSearchParams(location.search))
const transport = new FlowiseChatTransport({ url, chatflowId })

// The callbacks of a page with its own tools, and with approvals if the version supports them.
const sendAutomaticallyWhen = (chat) =>
  sdk.lastAssistantMessageIsCompleteWithToolCalls(chat) || sdk['lastAssistantMessageIsCompleteWithApprovalResponses']?.(chat)

Object.assign(window, { isFlowiseError, resumption, statuses: [], finished: [], toolCalls: [], errors: [] })

function Chat() {
  const chat = useChat({
    transport,
    sendAutomaticallyWhen,
    onToolCall: ({ toolCall }) => toolCalls.push(toolCall),
    onError: (error) => errors.push(error),
    onFinish: ({ message, isAbort, isError }) => finished.push({ message, isAbort, isError }),
  })
  if (statuses.at(-1) !== chat.status) statuses.push(chat.status)
  window.chat = chat
  return (
    <main>
      {chat.messages.map(({ id, role, parts }) => (
        <p key={id} className={role}>
          {parts.map((part) => (part.type === 'text' ? part.text : '')).join('')}
        </p>
      ))}
      <output>{chat.status}</output>
    </main>
  )
}

createRoot(document.getElementById('root')).render(<Chat />)
