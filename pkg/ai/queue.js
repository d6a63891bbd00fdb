/**
 * The source of a stream that can be written to at any time. A stream that fails drops unread chunks. So each chunk waits here
 * until it is read, and the failure comes last.
 */
export class Queue {
  #cancel
  #chunks = []
  #isOver = false
  #failure
  #wake

  /** @param {() => void} cancel called when the reader leaves */
  constructor(cancel) {
    this.#cancel = cancel
  }

  write(chunk) {
    this.#chunks.push(chunk)
    this.#wake?.()
  }

  close() {
    this.#isOver = true
    this.#wake?.()
  }

  fail(error) {
    this.#failure = { error }
    this.close()
  }

  async pull(controller) {
    while (this.#chunks.length === 0 && !this.#isOver) await new Promise((resolve) => (this.#wake = resolve))
    if (this.#chunks.length > 0) controller.enqueue(this.#chunks.shift())
    else if (this.#failure) controller.error(this.#failure.error)
    else controller.close()
  }

  cancel() {
    return this.#cancel()
  }
}
