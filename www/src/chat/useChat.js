import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import socketIOClient, { Flowise, query } from 'flowise-stream'

import { Conversation } from './conversation.js'
import { EVENT_NAMES, isOver } from './turn.js'

// `crypto.randomUUID` is there on secure pages only.
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

const CONNECTING = { status: 'connecting', socketIOClientId: '' }

/**
 * A chat with one chatflow: the snippet that Flowise users know, with what a page needs around it.
 *
 * `recorder` gets everything that happens, for the inspector.
 */
export function useChat({ url, chatflowId, apiKey, transport }, recorder) {
  const [conversation] = useState(() => new Conversation())
  const turns = useSyncExternalStore(conversation.subscribe, conversation.turns)
  const [connection, setConnection] = useState(CONNECTING)
  const running = useRef(null)
  // For what is neither a question nor an event: files, feedback, the owner's settings.
  const flowise = useMemo(() => new Flowise({ url, chatflowId, apiKey: apiKey || undefined }), [url, chatflowId, apiKey])

  useEffect(() => {
    setConnection(CONNECTING)
    let socket
    try {
      socket = socketIOClient(url, { chatflowId, apiKey: apiKey || undefined, transport })
    } catch (error) {
      // An address that is none, or no WebAssembly: there is nothing to connect again.
      setConnection({ status: 'failed', socketIOClientId: '', error })
      recorder.note('connect_error', { message: error.message })
      return undefined
    }
    const nameOfTransport = () => socket.io.engine.transport.name

    socket.on('connect', () => {
      setConnection({ status: 'connected', socketIOClientId: socket.id, transport: nameOfTransport() })
      recorder.note('connect', { id: socket.id, transport: nameOfTransport() })
      // Socket.IO begins with polling and goes over to a WebSocket when it can.
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

    for (const event of EVENT_NAMES) socket.on(event, (data, extra) => conversation.take(event, data, extra))
    socket.onAny((event, data, extra) => recorder.event(event, data, extra))

    return () => {
      running.current?.abort()
      socket.disconnect()
    }
  }, [url, chatflowId, apiKey, transport, conversation, recorder])

  const { socketIOClientId } = connection
  const ask = useCallback(
    async (asked, replaced) => {
      const abort = new AbortController()
      running.current = abort
      const turn = conversation.start(asked, replaced)
      recorder.begin(asked)
      try {
        const { question, body, files = [] } = asked
        const { signal } = abort
        const chatId = (conversation.chatId ??= newId())
        const uploads = files.length > 0 ? await flowise.upload(files, { chatId, signal }) : undefined
        const prediction = await query({ question, chatId, uploads, ...body, socketIOClientId }, { signal })
        conversation.settle(turn, prediction)
        recorder.end('reply', prediction)
      } catch (error) {
        conversation.fail(turn, error)
        recorder.end('failure', { code: error.code, status: error.status, message: error.message })
      } finally {
        if (running.current === abort) running.current = null
      }
    },
    [conversation, flowise, recorder, socketIOClientId],
  )

  const stop = useCallback(() => running.current?.abort(), [])
  const clear = useCallback(() => {
    running.current?.abort()
    conversation.clear()
  }, [conversation])

  const busy = turns.length > 0 && !isOver(turns.at(-1))
  return { flowise, turns, busy, connection, conversation, ask, stop, clear }
}
