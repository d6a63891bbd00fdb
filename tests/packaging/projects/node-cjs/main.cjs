const flowise = require('flowise-stream')
const { createChat } = require('flowise-stream/store')
const { FlowiseChatTransport } = require('flowise-stream/ai')

const [url, chatflowId, question] = process.argv.slice(2)

async function run() {
  const socket = flowise.default(url, { chatflowId })
  let heard = ''
  socket.on('token', (token) => (heard += token))
  const { text } = await socket.query({ question })
  socket.disconnect()
  const iterated = await flowise.stream({ question }, { url, chatflowId }).text
  const stored = await createChat({ url, chatflowId }).send(question)
  const chunks = typeof FlowiseChatTransport === 'function' ? text : ''
  return { text, heard, iterated, stored: stored.text, chunks }
}

run().then((answer) => console.log(JSON.stringify(answer)))
