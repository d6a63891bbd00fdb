// Once per frame, with a timer beside it: browsers render no frames for hidden pages and for iframes out of sight.
const AT_LEAST_MS = 250
const HIDDEN_MS = 100

/** Calls back once, soon, after any number of requests. */
export function scheduler(callback) {
  let frame
  let timer

  const cancel = () => {
    if (frame !== undefined) cancelAnimationFrame(frame)
    clearTimeout(timer)
    frame = timer = undefined
  }

  return {
    cancel,
    request() {
      if (timer !== undefined) return
      const fire = () => {
        cancel()
        callback()
      }
      const isSeen = typeof document !== 'undefined' && !document.hidden && typeof requestAnimationFrame === 'function'
      if (isSeen) frame = requestAnimationFrame(fire)
      timer = setTimeout(fire, isSeen ? AT_LEAST_MS : HIDDEN_MS)
    },
  }
}
