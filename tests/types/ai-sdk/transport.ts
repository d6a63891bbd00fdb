// The transport is one to the AI SDK itself: to each of its versions, by `tsconfig.ai-sdk*.json`.

import type { ChatTransport, UIMessage } from 'ai'
import { useChat } from '@ai-sdk/react'

import { FlowiseChatTransport, type FlowiseDataParts, type FlowiseMessageMetadata } from 'flowise-stream/ai'
import { exactly } from '../same.js'

const transport = new FlowiseChatTransport({
  url: 'https://example.com',
  chatflowId: 'flow',
  prepareSendMessagesRequest: ({ id, body, messages }) => {
    exactly<string>()(id)
    exactly<string | undefined>()(body.question)
    return { body: { ...body, said: messages.length } }
  },
})
// @ts-expect-error only the body and the headers can be changed
new FlowiseChatTransport({ prepareSendMessagesRequest: () => ({ api: '/elsewhere' }) })

export const forAnyMessage: ChatTransport<UIMessage> = transport
export const forOurMessage: ChatTransport<UIMessage<FlowiseMessageMetadata, FlowiseDataParts>> = transport

// @ts-expect-error a transport can be asked whether a stream goes on
export const forNobody: ChatTransport<UIMessage> = { sendMessages: transport.sendMessages }

export function Chat() {
  useChat({ transport })
  const { messages } = useChat<UIMessage<FlowiseMessageMetadata, FlowiseDataParts>>({
    transport,
    onData: (part) => {
      if (part.type === 'data-flowise-nextAgent') exactly<string>()(part.data)
    },
  })
  exactly<string | undefined>()(messages[0]?.metadata?.chatId)
  for (const part of messages.flatMap(({ parts }) => parts)) {
    if (part.type === 'data-flowise-action') exactly<string>()(part.data.mapping.approve)
  }
  return null
}
