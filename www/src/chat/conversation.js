import { oncePerFrame } from './frame.js'
import { isOver, newTurn, takeError, takeEvent, takePrediction } from './turn.js'

/**
 * The turns of a chat, as a store for `useSyncExternalStore`.
 *
 * Events are taken in as they come; the page is told once a frame, and finished turns keep their identity, so that only
 * what changed is rendered again.
 */
export class Conversation {
  /** Flowise's name for the chat; sent with each question, so that the chatflow remembers the ones before. */
  chatId
  #turns = []
  /** The turn that events belong to. */
  #current
  #listeners = new Set()
  #requestFrame = oncePerFrame(() => this.#current && this.#show(this.#current))

  subscribe = (listener) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  turns = () => this.#turns

  /** Begins a turn. The one that it replaces, if any, goes. */
  start(question, replaced) {
    const turn = newTurn(question)
    this.#current = turn
    this.#publish([...this.#turns.filter(({ key }) => key !== replaced?.key), { ...turn }])
    return turn
  }

  /** Takes in an event of the current turn. */
  take(event, data, extra) {
    const turn = this.#current
    if (!turn || isOver(turn)) return
    takeEvent(turn, event, data, extra)
    this.#requestFrame()
  }

  /** Ends a turn with what the promise of its query resolved with. */
  settle(turn, prediction) {
    this.#continue(turn, prediction)
    takePrediction(turn, prediction)
    this.#end(turn)
  }

  /** Ends a turn whose query failed. */
  fail(turn, error) {
    this.#continue(turn, error?.partial)
    takeError(turn, error)
    this.#end(turn)
  }

  /** Begins a new chat. */
  clear() {
    this.chatId = undefined
    this.#current = undefined
    this.#publish([])
  }

  // The next question belongs to the chat of the reply, unless that was cleared meanwhile.
  #continue(turn, reply) {
    if (reply?.chatId && this.#turns.some(({ key }) => key === turn.key)) this.chatId = reply.chatId
  }

  #end(turn) {
    if (this.#current === turn) this.#current = undefined
    this.#show(turn)
  }

  // A turn of a chat that was cleared meanwhile is not there any more, and stays away.
  #show(turn) {
    this.#publish(this.#turns.map((known) => (known.key === turn.key ? { ...turn } : known)))
  }

  #publish(turns) {
    this.#turns = turns
    for (const listener of this.#listeners) listener()
  }
}
