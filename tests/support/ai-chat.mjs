/** The chat class behind `useChat` of the AI SDK, without a framework. */

/** @param {{ AbstractChat: new (options: object) => object }} sdk a version of the package `ai` */
export const chatClass = ({ AbstractChat }) =>
  class extends AbstractChat {
    /** `finished` and `errors` hold the arguments of `onFinish` and `onError`. */
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
