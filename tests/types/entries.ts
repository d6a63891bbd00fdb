// The entries beside the main one: what must compile, and what must not.

import { connect as connectSlim, Flowise as SlimFlowise, init } from 'flowise-stream/slim'
import { flowiseFetch } from 'flowise-stream/ag-ui'
import { FlowiseChatTransport } from 'flowise-stream/ai'
import { useFlowise } from 'flowise-stream/react'
import { createChat, resumption, type ChatMessage } from 'flowise-stream/store'
import { connect, Flowise, type Action, type FlowiseError, type FlowiseErrorCode } from 'flowise-stream'
import { exactly } from './same.js'

const transport = new FlowiseChatTransport({ url: 'https://example.com', chatflowId: 'flow', data: { overrideConfig: { vars: {} } } })
// @ts-expect-error a transport is asked with messages
transport.sendMessages({ chatId: 'chat' })

exactly<Promise<Response>>()(flowiseFetch({ flowise: new Flowise({}) })('https://example.com'))
// @ts-expect-error an agent gives the signal
flowiseFetch({ signal: AbortSignal.timeout(1) })

function Chat() {
  const { messages, status, error, send, stop, regenerate, resume, edit, queue, unqueue, pendingAction, chats, open, rename, remove, startForm, chat } = useFlowise({ url: 'https://example.com', chatflowId: 'flow' })
  if (error?.code === 'cors') exactly<'cors'>()(error.code)
  exactly<string | undefined>()(messages[0]?.text)
  send('Hello').then(({ finishReason }) => finishReason === 'aborted')
  send({ question: 'Hello', uploads: [] })
  resume('proceed', { feedback: 'Go on' })
  send({ question: 'Hello', files: [new File([], 'a.txt')] }, { queue: true })
  edit(messages[0]?.id ?? '', 'Hello there').then(({ error }) => exactly<FlowiseErrorCode | undefined>()(error?.code))
  exactly<Action | undefined>()(pendingAction)
  for (const { id, text } of queue) if (text) unqueue(id)
  for (const { label, status } of messages[0]?.steps ?? []) if (status === 'waiting') exactly<string>()(label)
  // @ts-expect-error an error in a message is plain data
  const failure: FlowiseError | undefined = messages[0]?.error
  exactly<() => void>()(chat.retain())
  for (const { id, title } of chats) open(id).then((isThere) => title && exactly<boolean>()(isThere))
  rename('1', 'Owls').then(() => remove('1'))
  startForm().then((form) => exactly<string[] | undefined>()(form?.fields[0]?.options))
  stop().then(({ reached }) => exactly<boolean>()(reached))
  chat.subscribe(() => chat.getSnapshot().messages)
  // @ts-expect-error no such decision
  resume('maybe')
  // @ts-expect-error no such status
  return status === 'loading' && regenerate
}

const chat = createChat({ flowise: new Flowise({ url: 'https://example.com', chatflowId: 'flow' }), onFinish: (message) => exactly<ChatMessage>()(message) })
createChat({ storage: localStorage, user: 'ada', history: async ({ chatId }) => [{ role: 'userMessage', content: chatId ?? '' }] })
createChat({ storage: { getItem: async () => null, setItem: async () => {}, removeItem: async () => {} }, history: true })
// @ts-expect-error a storage can also forget
createChat({ storage: { getItem: () => null, setItem() {} } })
createChat({ socket: connect('https://example.com', { chatflowId: 'flow' }) })
createChat({ flowise: new SlimFlowise({ url: 'https://example.com' }) })
// @ts-expect-error a snapshot is not to be changed
chat.getSnapshot().messages.push({ id: '1', role: 'user', text: '' })
const { action } = chat.getSnapshot().messages[0] ?? {}
if (action) transport.sendMessages({ trigger: 'submit-message', chatId: '', messageId: undefined, messages: [], abortSignal: undefined, body: resumption(action, 'reject') })

exactly<Promise<void>>()(init())
init(new URL('https://example.com/flowise-stream.wasm')).then(() => connectSlim('https://example.com').on('token', (token) => exactly<string>()(token)))

export { Chat }
