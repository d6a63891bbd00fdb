'use client'

import { useEffect, useState } from 'react'
import { useFlowise } from 'flowise-stream/react'

import { run } from '../chat.js'

const FIRST = [{ id: '1', role: 'assistant', text: 'Rendered on the server.' }]

export function Chat({ isServerImport }) {
  const [flow, setFlow] = useState()
  const { messages, status, send } = useFlowise({ url: flow?.url, chatflowId: flow?.chatflowId, messages: FIRST })
  useEffect(() => setFlow(Object.fromEntries(new URLSearchParams(location.search))), [])
  useEffect(() => {
    if (!flow) return
    Promise.all([run(flow), send(flow.question)]).then(
      ([answer, { text }]) => (window.answer = { ...answer, hooked: text }),
      (error) => (window.answer = { error: String(error.stack) }),
    )
  }, [flow])
  return (
    <p data-server-import={String(isServerImport)}>
      {status}: {messages[0].text}
    </p>
  )
}
