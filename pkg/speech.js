import { Answer, pump } from '#snippet/delivery.js'
import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { PredictionStream } from '#snippet/stream.js'

/** Speaks a text: a stream of events. `ask(how, signal)` promises the body of the reply. */
export function toSpeech({ signal, ...how }, ask, serverError) {
  const controller = new AbortController()
  const stop = () => controller.abort()
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  const answer = new Answer()
  answer.chatId = how.chatId ?? ''
  const stream = new PredictionStream(answer, async () => {
    stop()
    return { reached: false }
  })

  // A failure is one of the events, of a reply whose status is 200.
  let failure
  const sink = {
    wants: () => true,
    emit(event, data, extra) {
      if (event === 'tts_error') failure = serverError(String(data?.error ?? data))
      else stream.emit(event, data, extra)
    },
    backlog: () => stream.backlog(),
  }

  const speak = async () => {
    try {
      await pump(await ask(how, controller.signal), answer, sink, undefined, controller.signal)
      if (failure) throw failure
    } catch (error) {
      if (controller.signal.aborted) return
      throw isFlowiseError(error) ? error : new FlowiseError('the connection broke', 'interrupted', undefined, error)
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }
  stream.follow(speak())
  return stream
}
