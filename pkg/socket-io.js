// What the package builds on of socket.io-client: a part of the entries that hand out sockets, and fetched by the others.

export { io, Manager } from 'socket.io-client'
export { Fetch, Transport, transports, XHR } from 'engine.io-client'
export { Decoder, Encoder } from 'socket.io-parser'
