import { useMemo } from 'react'
import {
  ActionBarPrimitive, AssistantRuntimeProvider, ComposerPrimitive, MessagePrimitive, ThreadPrimitive,
} from '@assistant-ui/react'
import { useChatRuntime } from '@assistant-ui/react-ai-sdk'
import { lastAssistantMessageIsCompleteWithApprovalResponses } from 'ai'
import { Flowise } from 'flowise-stream'
import { FlowiseChatTransport } from 'flowise-stream/ai'
import { speechOf } from './speech.js'

export function Chat({ flow }) {
  const flowise = useMemo(() => new Flowise(flow), [flow])
  const transport = useMemo(() => new FlowiseChatTransport({ flowise }), [flowise])
  const feedback = {
    submit({ message: { metadata }, type }) {
      const { chatId, chatMessageId: messageId } = metadata.custom
      flowise.feedback({ chatId, messageId, rating: type === 'positive' ? 'THUMBS_UP' : 'THUMBS_DOWN' })
    },
  }
  const runtime = useChatRuntime({
    transport,
    adapters: { feedback, speech: speechOf(flowise) },
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  })
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ThreadPrimitive.Root>
        <ThreadPrimitive.Messages components={{ UserMessage, AssistantMessage }} />
        <ComposerPrimitive.Root>
          <ComposerPrimitive.Input name="question" submitMode="enter" />
          <ThreadPrimitive.If running={false}><ComposerPrimitive.Send>Send</ComposerPrimitive.Send></ThreadPrimitive.If>
          <ThreadPrimitive.If running><ComposerPrimitive.Cancel>Stop</ComposerPrimitive.Cancel></ThreadPrimitive.If>
        </ComposerPrimitive.Root>
      </ThreadPrimitive.Root>
    </AssistantRuntimeProvider>
  )
}

const UserMessage = () => (
  <MessagePrimitive.Root className="user"><MessagePrimitive.Parts /></MessagePrimitive.Root>
)

const AssistantMessage = () => (
  <MessagePrimitive.Root className="assistant">
    <MessagePrimitive.Parts components={{ Text, Reasoning, Source, tools: { Fallback: Tool } }} />
    <ActionBarPrimitive.Root>
      <ActionBarPrimitive.FeedbackPositive>Good</ActionBarPrimitive.FeedbackPositive>
      <ActionBarPrimitive.Reload>Again</ActionBarPrimitive.Reload>
      <MessagePrimitive.If speaking={false}><ActionBarPrimitive.Speak>Listen</ActionBarPrimitive.Speak></MessagePrimitive.If>
      <MessagePrimitive.If speaking><ActionBarPrimitive.StopSpeaking>Silence</ActionBarPrimitive.StopSpeaking></MessagePrimitive.If>
    </ActionBarPrimitive.Root>
  </MessagePrimitive.Root>
)

const Text = ({ text }) => <p className="text">{text}</p>
const Reasoning = ({ text }) => <p className="thinking">{text}</p>
const Source = ({ url, title }) => <a href={url}>{title ?? url}</a>

function Tool({ toolName, result, status, approval, respondToApproval }) {
  const waits = approval && approval.approved === undefined
  return (
    <p className="tool">
      {toolName}: <output>{waits ? 'waits' : status.type === 'running' ? 'runs' : JSON.stringify(result)}</output>
      {waits && <button onClick={() => respondToApproval({ approved: true })}>Yes</button>}
      {waits && <button onClick={() => respondToApproval({ approved: false })}>No</button>}
    </p>
  )
}
