/* global FlowiseStream */
const { url, chatflowId, question } = Object.fromEntries(new URLSearchParams(location.search))
const socket = FlowiseStream.connect(url, { chatflowId })
let heard = ''
socket.on('token', (token) => (heard += token))
socket.query({ question }).then(async ({ text }) => {
  let iterated = ''
  const answer = new FlowiseStream.Flowise({ url, chatflowId }).stream({ question })
  for await (const { event, data } of answer) if (event === 'token') iterated += data
  window.answer = { text, heard, iterated }
})
