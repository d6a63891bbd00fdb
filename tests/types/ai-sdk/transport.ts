// The transport is one to the AI SDK itself: to each of its versions, by `tsconfig.ai-sdk*.json`.

import type { ChatTransport, UIMessage } from 'ai'

import { FlowiseChatTransport, type FlowiseMessageMetadata } from 'flowise-stream/ai'

const transport = new FlowiseChatTransport({ url: 'https://example.com', chatflowId: 'flow' })

export const forAnyMessage: ChatTransport<UIMessage> = transport
export const forOurMessage: ChatTransport<UIMessage<FlowiseMessageMetadata>> = transport

// @ts-expect-error a transport can be asked whether a stream goes on
export const forNobody: ChatTransport<UIMessage> = { sendMessages: transport.sendMessages }
