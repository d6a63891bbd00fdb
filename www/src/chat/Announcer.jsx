import { describeError } from './describeError.js'
import { isOver, statusOf } from './turns.js'

const LONGEST = 600

/** Announces the start and the end of an answer to screen readers, but no tokens. */
export function Announcer({ turn }) {
  return (
    <div className="unseen" role="status" aria-live="polite" data-testid="announcer">
      {turn ? words(turn) : ''}
    </div>
  )
}

function words(turn) {
  if (!isOver(turn)) return 'The answer is being written.'
  const { text, error, action } = turn.answer
  if (error) return `No answer: ${describeError(error).title}`
  const said = text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text
  if (statusOf(turn) === 'stopped') return `Stopped. ${said}`
  return action ? `The flow asks for your decision. ${said}` : said || 'The answer is empty.'
}
