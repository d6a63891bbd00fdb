'use client'

// The snippet that front ends for Flowise were made of, in a component: the socket belongs to the module, the listeners to an effect.

import Link from 'next/link'
import { useEffect, useState } from 'react'
import socketIOClient, { query } from 'flowise-stream'

const socket = socketIOClient(process.env.NEXT_PUBLIC_FLOWISE_URL, { chatflowId: 'scripted' })

export function Chat() {
  const [socketIOClientId, setSocketIOClientId] = useState('')
  const [answer, setAnswer] = useState('')
  const [response, setResponse] = useState()

  useEffect(() => {
    const onConnect = () => setSocketIOClientId(socket.id)
    const onStart = () => setAnswer('')
    const onToken = (token) => setAnswer((answer) => answer + token)
    socket.on('connect', onConnect)
    socket.on('start', onStart)
    socket.on('token', onToken)
    if (socket.connected) onConnect()
    else socket.connect()
    return () => {
      socket.off('connect', onConnect)
      socket.off('start', onStart)
      socket.off('token', onToken)
      socket.disconnect()
    }
  }, [])

  const ask = (event) => {
    event.preventDefault()
    query({ question: event.target.question.value, socketIOClientId }).then(setResponse, setResponse)
  }

  return (
    <>
      <p className="answer">{answer}</p>
      <p className="response">{response?.text ?? response?.message}</p>
      {socketIOClientId && <form onSubmit={ask}><input name="question" /></form>}
      <Link href="/about">About</Link>
    </>
  )
}
