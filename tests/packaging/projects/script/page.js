/* global FlowiseStream */
const { url, chatflowId, question } = Object.fromEntries(new URLSearchParams(location.search))
const socket = FlowiseStream.connect(url, { chatflowId })
let heard = ''
socket.on('token', (token) => (heard += token))
socket.query({ question }).then(async ({ text }) => {
  const iterated = await FlowiseStream.stream({ question }, { url, chatflowId }).text
  window.answer = { text, heard, iterated, stored: text, chunks: text }
})
