// What must compile, and what must not.

import socketIOClient, {
  connect,
  EventStreamDecoder,
  Flowise,
  FlowiseError,
  fromResponse,
  isFlowiseError,
  query,
  stream,
  type AgentReasoning,
  type FlowiseSocket,
  type Prediction,
  type PredictionEvent,
  type PredictionStream,
  type QueryOptions,
  type SourceDocument,
} from 'flowise-stream'
import { exactly } from './same.js'

interface SocketIoMembers {
  readonly recovered: boolean
  auth: { [key: string]: unknown } | ((done: (data: object) => void) => void)
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>
}

declare function expect<Type>(value: Type): void

// the snippet
const socket = socketIOClient('http://localhost:3000', { chatflowId: 'flow' })
socket.on('connect', () => expect<string | undefined>(socket.id))
socket.on('start', () => {})
socket.on('token', (token) => exactly<string>()(token))
socket.on('sourceDocuments', (documents) => exactly<SourceDocument[]>()(documents))
socket.on('agentReasoning', (steps) => exactly<AgentReasoning[]>()(steps))
socket.on('end', () => {})
socket.on('disconnect', (reason) => expect<string>(reason))
socket.on('connect_error', (error) => expect<Error>(error))
socket.once('token', (token) => exactly<string>()(token)).off('token')
socket.on('an event of a newer server', (data) => expect<unknown>(data))
query({ question: 'Hey, how are you?', socketIOClientId: '' }).then((response) => exactly<string>()(response.text))
socket.query({ question: 'Hey' }, { timeout: 1000 }).then((response) => exactly<Prediction>()(response))
socket.disconnect()

// @ts-expect-error a token is a string
socket.on('token', (token: number) => token)
// @ts-expect-error a list, not a string
socket.on('sourceDocuments', (documents: string) => documents)
// @ts-expect-error `end` comes with nothing
socket.on('end', (text: string) => text)

// it is socket.io-client's own socket
expect<SocketIoMembers>(socket)
socket.io.on('reconnect', (attempt) => exactly<number>()(attempt))
socket.timeout(1000).emit('anything', 1, (error: Error | null) => error)
socket.onAny((event, ...args) => expect<unknown[]>([event, args]))
socket.volatile.emit('anything')
connect({ path: '/socket.io', transports: ['websocket'], reconnectionAttempts: 3, transport: 'auto', auth: { token: 'x' } })
connect(new URL('https://example.com'))
expect<FlowiseSocket>(connect())

// @ts-expect-error no such transport
connect('https://example.com', { transport: 'websocket' })
// @ts-expect-error an id is a string
connect('https://example.com', { chatflowId: 1 })

const options: QueryOptions = {
  apiKey: async () => undefined,
  headers: () => ({ 'x-tenant': 'a' }),
  credentials: 'include',
  signal: null,
  onRequest(init) {
    init.cache = 'no-store'
  },
}
connect('https://example.com', { apiKey: () => 'key', headers: async () => ({}), onRequest: async (init) => ({ ...init, cache: 'no-store' }) })

async function answers() {
  const answer = await query({ question: 'Hey' }, options)
  exactly<Prediction>()(answer)
  exactly<string>()(answer.chatId)
  exactly<string>()(answer.sessionId)
  exactly<FlowiseError[] | undefined>()(answer.warnings)
}

async function streams() {
  const answer = stream(
    { question: 'Hey', overrideConfig: { sessionId: 'me', temperature: 1 }, history: [{ role: 'userMessage', content: 'Hi' }] },
    { url: 'https://example.com', chatflowId: 'flow', signal: new AbortController().signal, timeouts: { idle: 1000 } },
  )
  answer.on('token', (token) => exactly<string>()(token)).on('custom', (data) => expect<unknown>(data))
  // @ts-expect-error a token is a string
  answer.on('token', (token: number) => token)
  for await (const event of answer) narrows(event)
  exactly<string>()(await answer.text)
  exactly<ReadableStream<string>>()(answer.textStream)
  exactly<boolean>()((await answer.abort()).reached)
  exactly<FlowiseError[]>()(answer.warnings)
  const { finishReason, followUpPrompts } = await answer.result
  exactly<string[] | undefined>()(followUpPrompts)
  // @ts-expect-error no such reason
  return finishReason === 'length'
}

function narrows(event: PredictionEvent) {
  switch (event.event) {
    case 'token':
      return exactly<string>()(event.data)
    case 'sourceDocuments':
      return exactly<SourceDocument[]>()(event.data)
    case 'thinking':
      return exactly<number | undefined>()(event.duration)
    case 'nextAgentFlow':
      return exactly<string>()(event.data.nodeLabel)
    case 'end':
      return exactly<undefined>()(event.data)
    default: {
      const name: string = event.event
      exactly<unknown>()(event.data)
      return name === 'custom'
    }
  }
}

// @ts-expect-error `history` has roles of its own
query({ history: [{ role: 'user', content: 'Hi' }] })

async function calls() {
  const flowise = new Flowise({ url: 'https://example.com', chatflowId: 'flow' })
  exactly<boolean>()(await flowise.isStreaming())
  exactly<string | undefined>()((await flowise.chatbotConfig()).starterPrompts?.['0']?.prompt)
  const uploads = await flowise.upload(new File([], 'a.txt'), { chatId: 'chat' })
  const { chatMessageId } = await flowise.query({ question: 'Read it', uploads, chatId: 'chat' })
  await flowise.feedback({ chatId: 'chat', messageId: chatMessageId ?? '', rating: 'THUMBS_UP' })
  await flowise.feedback({ id: 'feedback', content: 'Thanks' })
  await flowise.lead({ chatId: 'chat', email: 'me@example.com' })
  for await (const item of flowise.speak('Hello')) if (item.event === 'tts_data') exactly<string>()(item.data.audioChunk)
  // @ts-expect-error not a rating of Flowise's
  await flowise.feedback({ chatId: 'chat', messageId: 'message', rating: 5 })
  // @ts-expect-error the conversation is missing
  await flowise.upload(new File([], 'a.txt'))
}

async function responses() {
  const answer = fromResponse(await fetch('/api/chat'), { signal: AbortSignal.timeout(1000), chatId: 'chat', chatflowId: 'flow' })
  exactly<PredictionStream>()(answer)
  exactly<PredictionStream>()(new Flowise({}).fromResponse(fetch('/api/chat')))
  // @ts-expect-error a response, not what is in it
  fromResponse((await fetch('/api/chat')).body)
  // @ts-expect-error the question has been sent
  fromResponse(fetch('/api/chat'), { question: 'Hi' })
}

const decoder = new EventStreamDecoder((event, data) => void [exactly<string>()(event), exactly<unknown>()(data)], {
  onError: (error) => exactly<string | undefined>()(error.raw),
})
decoder.push(new Uint8Array())
exactly<boolean>()(decoder.finish())

function errors(error: unknown) {
  if (isFlowiseError(error)) {
    if (error.code === 'cors') return exactly<number | undefined>()(error.status)
    // @ts-expect-error no such code
    if (error.code === 'teapot') return
    return exactly<string | undefined>()(error.partial?.text)
  }
  // @ts-expect-error not known to be one
  return error.code
}
// @ts-expect-error the package makes its errors itself
new FlowiseError()

export { answers, streams, calls, responses, errors }
