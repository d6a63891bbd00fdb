// The parts of socket.io-client that the package uses. Entries with sockets contain them; the others fetch them when needed.

export { io, Manager } from 'socket.io-client'
export { Fetch, Transport, transports, XHR } from 'engine.io-client'
export { Decoder, Encoder } from 'socket.io-parser'
