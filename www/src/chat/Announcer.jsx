import { describeError } from './describeError.js'
import { isOver } from './turn.js'

const LONGEST = 600

/** Tells people who do not see the page what became of a question: when it begins and when it ends, never per token. */
export function Announcer({ turn }) {
  return (
    <div className="unseen" role="status" aria-live="polite" data-testid="announcer">
      {turn ? words(turn) : ''}
    </div>
  )
}

function words(turn) {
  if (!isOver(turn)) return 'The answer is being written.'
  if (turn.status === 'failed') return `No answer: ${describeError(turn.error).title}`
  const said = turn.text.length > LONGEST ? `${turn.text.slice(0, LONGEST)} …` : turn.text
  if (turn.status === 'stopped') return `Stopped. ${said}`
  return turn.action ? `The flow asks for your decision. ${said}` : said || 'The answer is empty.'
}
