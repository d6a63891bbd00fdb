import { useCallback, useLayoutEffect, useRef, useState } from 'react'

import { ErrorBoundary } from '../parts/ErrorBoundary.jsx'
import { Icon } from '../parts/Icon.jsx'
import { Turn } from './Turn.jsx'
import { statusOf } from './turns.js'

// A scroll position closer than this to the end counts as the end, in pixels.
const NEAR = 48

/** The turns. The last one stays in view while it grows, unless the person scrolls away. */
export function Thread({ turns, busy }) {
  const scroller = useRef(null)
  const follows = useRef(true)
  // the position to which the page itself scrolled
  const placed = useRef(0)
  const [away, setAway] = useState(false)
  const last = turns.at(-1)

  const toEnd = useCallback(() => {
    const element = scroller.current
    element.scrollTop = element.scrollHeight
    placed.current = element.scrollTop
    follows.current = true
    setAway(false)
  }, [])

  const isAtEnd = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current
    return scrollHeight - scrollTop - clientHeight < NEAR
  }

  const onScroll = () => {
    follows.current = isAtEnd()
    setAway(!follows.current)
  }

  // A new question always scrolls into view.
  useLayoutEffect(toEnd, [last.key, toEnd])
  useLayoutEffect(() => {
    // The event of a person's scrolling may still be on its way.
    const wasLeft = scroller.current.scrollTop < placed.current - NEAR && !isAtEnd()
    if (follows.current && !wasLeft) toEnd()
  })

  return (
    <div className="thread-frame">
      <div className="thread" ref={scroller} onScroll={onScroll} tabIndex={0} role="region" aria-label="Conversation">
        <div className="column">
          {turns.map((turn) => (
            <ErrorBoundary key={turn.key} fallback={(error) => <Unshown turn={turn} error={error} />}>
              <Turn turn={turn} isLast={turn === last} busy={busy} />
            </ErrorBoundary>
          ))}
        </div>
      </div>
      {away && (
        <button
          type="button"
          className="to-end"
          onClick={() => {
            toEnd()
            // The button disappears, so the focus moves.
            scroller.current.focus()
          }}
        >
          <Icon name="down" />
          <span>Latest</span>
        </button>
      )}
    </div>
  )
}

/** Replaces a turn that the page cannot render. The other turns stay. */
function Unshown({ turn, error }) {
  return (
    <article className="turn failed" data-status={statusOf(turn)}>
      <div className="question">
        <h2>{turn.question.text}</h2>
      </div>
      <div className="failure">
        <Icon name="warning" />
        <div>
          <p className="failure-title">This answer cannot be shown</p>
          <p>Something in it is not as the page expects. The events list has all of it.</p>
          <p className="failure-detail">{error.message}</p>
        </div>
      </div>
    </article>
  )
}
