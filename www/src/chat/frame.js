/**
 * Calls `flush` once a frame, however often it is requested; at once (in a microtask) in a hidden page, which has no frames.
 */
export function oncePerFrame(flush) {
  let requested = false
  let frame

  const run = () => {
    requested = false
    document.removeEventListener('visibilitychange', hurry)
    flush()
  }

  // The frame that was waited for will not come.
  const hurry = () => {
    if (!document.hidden) return
    cancelAnimationFrame(frame)
    run()
  }

  return () => {
    if (requested) return
    requested = true
    if (document.hidden) {
      queueMicrotask(run)
    } else {
      frame = requestAnimationFrame(run)
      document.addEventListener('visibilitychange', hurry)
    }
  }
}
