// The transport is one to the AI SDK itself.

import type { ChatTransport, UIMessage } from 'ai'

import { FlowiseChatTransport, type FlowiseMessageMetadata } from 'flowise-stream/ai'

const transport = new FlowiseChatTransport({ url: 'https://example.com', chatflowId: 'flow' })

export const forAnyMessage: ChatTransport<UIMessage> = transport
export const forOurMessage: ChatTransport<UIMessage<FlowiseMessageMetadata>> = transport
