/** A promise that a signal can end, whatever the promise's maker does with the signal. */
export const abortable = (promise, signal) =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
