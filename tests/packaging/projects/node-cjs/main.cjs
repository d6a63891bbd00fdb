const { createElement } = require('react')
const { renderToString } = require('react-dom/server')

const flowise = require('flowise-stream')
const { FlowiseChatTransport } = require('flowise-stream/ai')
const { useFlowise } = require('flowise-stream/react')
const { createChat } = require('flowise-stream/store')

const [url, chatflowId, question] = process.argv.slice(2)

async function run() {
  const socket = flowise.default(url, { chatflowId })
  let heard = ''
  socket.on('token', (token) => (heard += token))
  const { text } = await socket.query({ question })
  socket.disconnect()

  const iterated = await flowise.stream({ question }, { url, chatflowId }).text
  const stored = await createChat({ url, chatflowId }).send(question)

  let chunks = ''
  const messages = [{ role: 'user', parts: [{ type: 'text', text: question }] }]
  const answer = await new FlowiseChatTransport({ url, chatflowId }).sendMessages({ chatId: 'packaging', messages })
  for await (const { delta = '' } of answer) chunks += delta

  const Chat = () => useFlowise({ messages: [stored] }).messages[0].text
  return { text, heard, iterated, stored: stored.text, chunks, hooked: renderToString(createElement(Chat)) }
}

run().then((answer) => console.log(JSON.stringify(answer)))
