import { useEffect, useState } from 'react'
import socketIOClient from 'flowise-stream'

const CONNECTING = { status: 'connecting' }

/**
 * The socket that the chat asks over, and its state for the page. `recorder` records what happens to it, for
 * the inspector.
 */
export function useConnection({ url, chatflowId, apiKey, transport }, recorder) {
  const [socket, setSocket] = useState()
  const [connection, setConnection] = useState(CONNECTING)

  useEffect(() => {
    setConnection(CONNECTING)
    let socket
    try {
      socket = socketIOClient(url, { chatflowId, apiKey: apiKey || undefined, transport })
    } catch (error) {
      // An invalid address, or WebAssembly is forbidden: a reconnection cannot succeed.
      setConnection({ status: 'failed', error })
      recorder.note('connect_error', { message: error.message })
      return undefined
    }
    setSocket(socket)
    const nameOfTransport = () => socket.io.engine.transport.name

    socket.on('connect', () => {
      setConnection({ status: 'connected', transport: nameOfTransport() })
      recorder.note('connect', { id: socket.id, transport: nameOfTransport() })
      // Socket.IO starts with polling and upgrades to a WebSocket if it can.
      socket.io.engine.once('upgrade', () => {
        setConnection((known) => ({ ...known, transport: nameOfTransport() }))
        recorder.note('upgrade', { transport: nameOfTransport() })
      })
    })
    socket.on('connect_error', (error) => {
      setConnection((known) => ({
        ...known,
        status: 'reconnecting',
        error: error.description?.name === 'FlowiseError' ? error.description : error,
      }))
      recorder.note('connect_error', { message: error.message })
    })
    socket.on('disconnect', (reason) => {
      if (reason === 'io client disconnect') return
      setConnection((known) => ({ ...known, status: 'reconnecting', transport: undefined }))
      recorder.note('disconnect', { reason })
    })
    socket.io.on('reconnect_attempt', (attempt) => setConnection((known) => ({ ...known, status: 'reconnecting', attempt })))

    return () => {
      setSocket(undefined)
      socket.disconnect()
    }
  }, [url, chatflowId, apiKey, transport, recorder])

  return { socket, connection }
}
