import { useEffect, useRef, useState } from 'react'

// Shorter pauses are a model's breath.
const LONG = 6

/** Says that nothing has come for a while, in an answer that goes on; `answer` is another object when something has. */
export function Silence({ answer }) {
  const latest = useRef(performance.now())
  const [seconds, setSeconds] = useState(0)

  useEffect(() => {
    latest.current = performance.now()
  }, [answer])

  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - latest.current) / 1000)), 1000)
    return () => clearInterval(timer)
  }, [])

  if (seconds < LONG) return null
  return <p className="silence">{`Nothing new for ${seconds} seconds. The server may be busy; you can stop and try again.`}</p>
}
