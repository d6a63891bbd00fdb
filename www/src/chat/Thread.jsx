import { useCallback, useLayoutEffect, useRef, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { Turn } from './Turn.jsx'

// Closer than this to the end counts as being there.
const NEAR = 48

/** The turns, of which the last stays in view while it grows, unless the person scrolls away. */
export function Thread({ turns, busy }) {
  const scroller = useRef(null)
  const follows = useRef(true)
  const [away, setAway] = useState(false)
  const last = turns.at(-1)

  const toEnd = useCallback(() => {
    const element = scroller.current
    element.scrollTop = element.scrollHeight
    follows.current = true
    setAway(false)
  }, [])

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current
    follows.current = scrollHeight - scrollTop - clientHeight < NEAR
    setAway(!follows.current)
  }

  // A new question is always shown.
  useLayoutEffect(toEnd, [last.key, toEnd])
  useLayoutEffect(() => {
    if (follows.current) toEnd()
  })

  return (
    <div className="thread-frame">
      <div className="thread" ref={scroller} onScroll={onScroll} tabIndex={0} role="region" aria-label="Conversation">
        <div className="column">
          {turns.map((turn) => (
            <Turn key={turn.key} turn={turn} isLast={turn === last} busy={busy} />
          ))}
        </div>
      </div>
      {away && (
        <button type="button" className="to-end" onClick={toEnd}>
          <Icon name="down" />
          <span>Latest</span>
        </button>
      )}
    </div>
  )
}
