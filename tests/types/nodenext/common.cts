// The same types from a CommonJS module.

import flowise = require('flowise-stream')

const socket: flowise.FlowiseSocket = flowise.default('http://localhost:3000')
socket.on('token', (token) => token.length)
// @ts-expect-error a token is a string
socket.on('token', (token: number) => token)
flowise.query({ question: 'Hey' }).then(({ text }) => text.length)
