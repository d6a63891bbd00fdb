/**
 * A listener that takes its arguments as one array, until its `take` is removed: an emitter still calls a listener that
 * another listener of the same event has removed.
 */
export const gather = (take) => {
  const listener = (...args) => listener.take?.(args)
  listener.take = take
  return listener
}
