import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import socketIOClient, { query } from 'flowise-stream'

// Your Flowise and your chatflow; by default those of the server that this page comes from.
const address = new URLSearchParams(location.search)
const url = address.get('url') ?? location.origin
const chatflowId = address.get('chatflow') ?? 'scripted'

function Chat() {
  const [socketIOClientId, setSocketIOClientId] = useState('')
  const [answer, setAnswer] = useState('')
  const [question, setQuestion] = useState('Hey, how are you?')

  useEffect(() => {
    const socket = socketIOClient(url, { chatflowId })

    socket.on('connect', () => setSocketIOClientId(socket.id))
    socket.on('start', () => setAnswer(''))
    socket.on('token', (token) => setAnswer((text) => text + token))
    socket.on('sourceDocuments', (documents) => console.log('sourceDocuments:', documents))
    socket.on('end', () => console.log('end'))

    return () => socket.disconnect()
  }, [])

  const ask = (event) => {
    event.preventDefault()
    query({ question, socketIOClientId }).then(
      (response) => setAnswer(response.text),
      (error) => setAnswer(error.message),
    )
  }

  return (
    <form onSubmit={ask}>
      <input value={question} onChange={(event) => setQuestion(event.target.value)} aria-label="Question" />
      <button disabled={!socketIOClientId}>Ask</button>
      <p>{answer}</p>
    </form>
  )
}

createRoot(document.getElementById('root')).render(<Chat />)
