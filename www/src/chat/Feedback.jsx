import { useContext, useState } from 'react'

import { IconButton } from '../parts/IconButton.jsx'
import { ChatContext } from './ChatContext.js'

/** Rates an answer for the chatflow's owner. */
export function Feedback({ answer }) {
  const { flowise } = useContext(ChatContext)
  const [given, setGiven] = useState(null)
  const [problem, setProblem] = useState('')

  const rate = async (rating) => {
    setProblem('')
    try {
      const { chatId, chatMessageId: messageId } = answer
      setGiven(await flowise.feedback(given ? { id: given.id, rating } : { chatId, messageId, rating }))
    } catch (error) {
      setProblem(error.code === 'cors' ? 'The server takes feedback from its own pages only.' : 'The feedback did not arrive.')
    }
  }

  return (
    <span className="feedback">
      <IconButton
        icon="thumbUp"
        className="small"
        label="Good answer"
        aria-pressed={given?.rating === 'THUMBS_UP'}
        onClick={() => rate('THUMBS_UP')}
      />
      <IconButton
        icon="thumbDown"
        className="small"
        label="Bad answer"
        aria-pressed={given?.rating === 'THUMBS_DOWN'}
        onClick={() => rate('THUMBS_DOWN')}
      />
      {problem && <small role="alert">{problem}</small>}
    </span>
  )
}
