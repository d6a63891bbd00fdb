/** The chat that `useChat` of the AI SDK is made on, without a framework: its state is plain. */

/** @param {{ AbstractChat: new (options: object) => object }} sdk a version of the package `ai` */
export const chatClass = ({ AbstractChat }) =>
  class extends AbstractChat {
    /** What `onFinish` and `onError` were called with is in `finished` and `errors`. */
    constructor(transport, options) {
      const finished = []
      const errors = []
      const state = {
        status: 'ready', error: undefined, messages: [],
        pushMessage: (message) => (state.messages = [...state.messages, message]),
        popMessage: () => (state.messages = state.messages.slice(0, -1)),
        replaceMessage: (index, message) => (state.messages = state.messages.with(index, structuredClone(message))),
        snapshot: (value) => structuredClone(value),
      }
      super({ state, transport, onFinish: (end) => finished.push(end), onError: (error) => errors.push(error), ...options })
      Object.assign(this, { finished, errors })
    }
  }
