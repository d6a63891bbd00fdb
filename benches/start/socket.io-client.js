import { io } from 'socket.io-client'

export const open = (url) => io(url)
