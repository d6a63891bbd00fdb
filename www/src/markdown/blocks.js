/**
 * Markdown that grows: finished blocks are parsed once and keep their identity, only the tail is parsed again.
 */

import { Lexer } from 'marked'
import remend from 'remend'

// A tail of this many characters is no longer parsed at every change but when it has grown by an eighth, so that a
// single endless paragraph takes linear time too. What is not parsed yet is shown as it is.
const LARGE = 4096
const GROWTH = 1 / 8

const lexer = (source) => new Lexer({ gfm: true }).lex(source)

// The head of a table is a line of text until the line below it is complete. It is not shown as one meanwhile.
const HEAD_OF_TABLE = /^\|[^\n]{0,400}(\n[ \t|:-]{0,200})?$/

export class GrowingMarkdown {
  #blocks = []
  #source = ''
  // Where the first unfinished block begins.
  #tailStart = 0
  #tail = { start: 0, end: 0, complete: false, blocks: [] }

  /**
   * The blocks of `source`: `{ key, token, rest }`. `rest` is text that belongs to the last block and is not parsed yet.
   * `complete` says that nothing will be added.
   */
  update(source, complete) {
    if (!source.startsWith(this.#source)) this.#reset()
    this.#source = source
    this.#parse(complete)
    return [...this.#blocks, ...this.#tail.blocks]
  }

  #reset() {
    this.#blocks = []
    this.#tailStart = 0
    this.#tail = { start: 0, end: 0, complete: false, blocks: [] }
  }

  #parse(complete) {
    const { start, end } = this.#tail
    const length = this.#source.length
    const isSame = start === this.#tailStart && end === length && complete === this.#tail.complete
    if (isSame) return
    const parsed = end - start
    if (!complete && parsed > LARGE && length - end < parsed * GROWTH) {
      const blocks = this.#tail.blocks.slice()
      const last = blocks.pop()
      if (last) blocks.push({ ...last, rest: this.#source.slice(end) })
      this.#tail.blocks = blocks
      return
    }

    const tokens = lexer(this.#source.slice(this.#tailStart))
    // A block is finished when another one has begun: a list goes on after an empty line, a paragraph may become a heading.
    const last = tokens.findLastIndex((token) => token.type !== 'space')
    const finished = complete ? tokens.length : Math.max(0, last)
    for (const token of tokens.slice(0, finished)) {
      if (token.type !== 'space' && token.type !== 'def') this.#blocks.push({ key: this.#tailStart, token })
      this.#tailStart += token.raw.length
    }
    const tail = this.#source.slice(this.#tailStart)
    this.#tail = { start: this.#tailStart, end: length, complete, blocks: this.#unfinished(tail) }
  }

  // Closes what is still open (`**bold` without its end), so that nothing flickers when the end comes.
  #unfinished(source) {
    if (HEAD_OF_TABLE.test(source)) return []
    const tokens = lexer(remend(source)).filter((token) => token.type !== 'space' && token.type !== 'def')
    return tokens.map((token, index) => ({ key: this.#tailStart + index, token }))
  }
}
