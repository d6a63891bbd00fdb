// `Flowise.speak`: a text as a stream of audio events.

import { Answer } from '#snippet/answer.js'
import { pump } from '#snippet/delivery.js'
import { FlowiseError, isFlowiseError } from '#snippet/error.js'
import { predictionStream } from '#snippet/stream.js'

/** Speaks a text as a stream of events. `ask(how, signal)` resolves with the response; `serverError(text)` makes an error of a message. */
export function toSpeech({ signal, ...how }, ask, serverError) {
  const controller = new AbortController()
  const stop = () => controller.abort()
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  const answer = new Answer()
  answer.chatId = how.chatId ?? ''
  const run = {
    answer,
    async abort() {
      stop()
      return { reached: false }
    },
  }
  const { stream, audience, follow } = predictionStream(() => run)

  // The server reports a failure as an event in a reply with status 200.
  let failure
  const emit = (event, data, extra) => {
    if (event === 'tts_error') failure = serverError(String(data?.error ?? data))
    else audience.emit(event, data, extra)
  }

  const speak = async () => {
    try {
      const response = await ask(how, controller.signal)
      await pump(response, answer, { ...audience, wants: () => true, emit }, undefined, controller.signal)
      if (failure) throw failure
    } catch (error) {
      if (controller.signal.aborted) return
      throw isFlowiseError(error) ? error : new FlowiseError('the connection broke', 'interrupted', undefined, error)
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }
  follow(speak())
  return stream
}
