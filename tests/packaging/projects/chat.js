// The page of every project. It asks the chatflow that the address names, in each way there is, and shows what came.

import socketIOClient, { query, stream } from 'flowise-stream'
import { FlowiseChatTransport } from 'flowise-stream/ai'
import { createChat } from 'flowise-stream/store'

export async function run({ url, chatflowId, question }) {
  const socket = socketIOClient(url, { chatflowId })
  let heard = ''
  socket.on('token', (token) => (heard += token))
  await new Promise((resolve) => socket.once('connect', resolve))
  const { text } = await query({ question, socketIOClientId: socket.id })
  socket.disconnect()

  let iterated = ''
  for await (const { event, data } of stream({ question }, { url, chatflowId })) if (event === 'token') iterated += data

  const stored = await createChat({ url, chatflowId }).send(question)

  const transport = new FlowiseChatTransport({ url, chatflowId })
  let chunks = ''
  const messages = [{ role: 'user', parts: [{ type: 'text', text: question }] }]
  const reader = (await transport.sendMessages({ chatId: 'packaging', messages })).getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks += next.value.delta ?? ''

  return { text, heard, iterated, stored: stored.text, chunks }
}
