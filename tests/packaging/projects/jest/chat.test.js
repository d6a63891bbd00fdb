// Written as people write such tests: the DOM is jsdom's, and the server is not there.

const { render, act } = require('./render.js')
const { EventStreamDecoder, connect, query } = require('flowise-stream')
const { useFlowise } = require('flowise-stream/react')

test('the DOM is there, and TextDecoder is not', () => {
  expect(document.body).toBeDefined()
  expect(typeof TextDecoder).toBe('undefined')
})

test('events are decoded', () => {
  const events = []
  const decoder = new EventStreamDecoder((event, data) => events.push([event, data]))
  decoder.push(new Uint8Array(Buffer.from('data:{"event":"token","data":"Grüße 你好 🦉, and some more words to make it long"}\n\n')))
  expect(events).toEqual([['token', 'Grüße 你好 🦉, and some more words to make it long']])
})

test('a socket is there at once', () => {
  const socket = connect('http://127.0.0.1:1', { autoConnect: false })
  expect(socket.connected).toBe(false)
  expect(typeof socket.query).toBe('function')
})

test('without fetch, which jsdom does not have, a question says what to give', async () => {
  const error = await query({ question: 'Hello' }, { url: 'http://flowise.example', chatflowId: 'flow', transport: 'sse' }).catch((error) => error)
  expect([error.code, error.message]).toEqual(['unsupported', expect.stringContaining('fetch')])
})

test('a component with the hook renders, and asks with the fetch that it is given', async () => {
  const reply = (body) => ({ ok: true, status: 200, type: 'cors', headers: new Headers({ 'content-type': 'application/json' }), body: null, text: async () => JSON.stringify(body) })
  const fetch = jest.fn(async (url) => reply(String(url).includes('chatflows-streaming') ? { isStreaming: false } : { text: 'Fine, thanks.', chatId: 'chat' }))
  let chat
  const element = render(() => {
    chat = useFlowise({ url: 'http://flowise.example', chatflowId: 'flow', transport: 'sse', fetch })
    return chat.messages.map(({ text }) => text).join('|')
  })
  await act(() => chat.send('How are you?'))
  expect(element.textContent).toBe('How are you?|Fine, thanks.')
})
