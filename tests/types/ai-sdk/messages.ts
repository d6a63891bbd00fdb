// The package's own type of messages, for the versions of the AI SDK whose tool parts can be approved: 6 and later.

import type { ChatTransport } from 'ai'
import { useChat } from '@ai-sdk/react'

import { FlowiseChatTransport, type FlowiseUIMessage } from 'flowise-stream/ai'
import { exactly } from '../same.js'

const transport = new FlowiseChatTransport({ url: 'https://example.com', chatflowId: 'flow' })

export const forOurMessage: ChatTransport<FlowiseUIMessage> = transport

export function Chat() {
  const { messages } = useChat({ transport })
  exactly<FlowiseUIMessage[]>()(messages)
  useChat<FlowiseUIMessage>({ transport, onFinish: ({ message }) => exactly<string | undefined>()(message.metadata?.chatId) })
  for (const part of messages.flatMap(({ parts }) => parts)) {
    if (part.type === 'data-flowise-nodes') exactly<string | undefined>()(part.data[0]?.nodeLabel)
    if (part.type === 'dynamic-tool' && part.state === 'approval-requested') exactly<string>()(part.approval.id)
    // @ts-expect-error no such part
    if (part.type === 'data-flowise-nothing') return null
  }
  return null
}
