import { useEffect, useRef, useState } from 'react'

// Shorter pauses are normal for a model.
const LONG = 6

/** Shows that a running answer has been silent for a while. `answer` changes its identity when something arrives. */
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
