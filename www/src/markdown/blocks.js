/**
 * Streaming Markdown: finished blocks are parsed once and keep their identity; only the tail is parsed again.
 */

import { Lexer } from 'marked'
import remend from 'remend'

// A tail longer than this is parsed again only when it has grown by an eighth, so that a
// single endless list takes linear time too. Until then, newer text is parsed separately and appended.
const LARGE = 4096
const GROWTH = 1 / 8
// The same limit for that newer text, which is short compared with the tail.
const LARGE_REST = 1024

const lexer = (source) => new Lexer({ gfm: true }).lex(source)

// The head of a table looks like plain text until the line below it is complete. It is hidden until then.
const HEAD_OF_TABLE = /^\|[^\n]{0,400}(\n[ \t|:-]{0,200})?$/

const EMPTY_LINE = /\n[ \t]*\n/
// A list continues with another item or an indented line.
const END_OF_LIST = /\n[ \t]*\n(?!\s|[-*+](?:\s|$)|\d+(?:$|[.)](?:\s|$))|$)/

export class GrowingMarkdown {
  #large
  #blocks = []
  #source = ''
  // The position of the first unfinished block.
  #tailStart = 0
  #tail
  #rest

  constructor(large = LARGE) {
    this.#large = large
    this.#reset()
  }

  /** The blocks of `source`: `{ key, token }`. `complete`: nothing will be added. */
  update(source, complete) {
    if (!source.startsWith(this.#source)) this.#reset()
    this.#source = source
    this.#parse(complete)
    return [...this.#blocks, ...this.#tail.shown]
  }

  #reset() {
    this.#blocks = []
    this.#tailStart = 0
    this.#tail = { start: 0, end: 0, complete: false, blocks: [], shown: [] }
    this.#rest = undefined
  }

  #parse(complete) {
    const { start, end } = this.#tail
    const length = this.#source.length
    const isSame = start === this.#tailStart && end === length && complete === this.#tail.complete
    if (isSame) return
    const parsed = end - start
    if (!complete && parsed > this.#large && length - end < parsed * GROWTH && !this.#isOver()) {
      this.#tail.shown = this.#withRest(this.#source.slice(end))
      return
    }

    const tokens = lexer(this.#source.slice(this.#tailStart))
    // A block is finished when the next one has begun: a list continues after an empty line, and a paragraph may become a heading.
    const last = tokens.findLastIndex((token) => token.type !== 'space')
    const finished = complete ? tokens.length : Math.max(0, last)
    for (const token of tokens.slice(0, finished)) {
      if (token.type !== 'space' && token.type !== 'def') this.#blocks.push({ key: this.#tailStart, token })
      this.#tailStart += token.raw.length
    }
    const tail = this.#source.slice(this.#tailStart, this.#endOfTail(complete))
    const blocks = this.#unfinished(tail)
    this.#tail = { start: this.#tailStart, end: this.#tailStart + tail.length, complete, blocks, shown: blocks }
    this.#rest = undefined
    if (this.#tail.end < length) this.#tail.shown = this.#withRest(this.#source.slice(this.#tail.end))
  }

  // A large tail ends at a line end if it has one, so that the newer text begins with a whole line.
  #endOfTail(complete) {
    const { length } = this.#source
    if (complete || length - this.#tailStart <= this.#large) return length
    const line = this.#source.lastIndexOf('\n') + 1
    return line - this.#tailStart > this.#large / 2 ? line : length
  }

  // Whether the newer text ends the last block of the tail.
  #isOver() {
    const last = this.#tail.blocks.at(-1)
    if (!last) return false
    const { type, raw } = last.token
    const rest = `${this.#lineEnd()}${this.#source.slice(this.#tail.end)}`
    if (type !== 'code') return (type === 'list' ? END_OF_LIST : EMPTY_LINE).test(rest)
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1]
    return fence !== undefined && rest.includes(`\n${fence}`)
  }

  // The line end that closes the tail, if there is one.
  #lineEnd() {
    return this.#source[this.#tail.end - 1] === '\n' ? '\n' : ''
  }

  // Closes open markup (`**bold` without its end), so that nothing flickers when the end arrives.
  #unfinished(source) {
    if (HEAD_OF_TABLE.test(source)) return []
    const tokens = lexer(remend(source)).filter((token) => token.type !== 'space' && token.type !== 'def')
    return tokens.map((token, index) => ({ key: this.#tailStart + index, token }))
  }

  // The tail, with the rest of the source appended to its last block.
  #withRest(rest) {
    const blocks = this.#tail.blocks.slice()
    const last = blocks.pop()
    if (!last || rest === '') return this.#tail.blocks
    return [...blocks, { ...last, token: this.#extended(last.token, rest) }]
  }

  #extended(token, rest) {
    switch (token.type) {
      case 'code':
        return { ...token, text: `${token.text}${this.#lineEnd()}${rest}` }
      case 'list': {
        const more = this.#parsedRest(rest).find(({ type }) => type === 'list')
        return more ? { ...token, items: [...token.items, ...more.items] } : token
      }
      case 'table': {
        // Rows without a head do not parse as a table.
        const head = token.raw.split('\n', 2).join('\n')
        const more = this.#parsedRest(`${head}\n${rest}`).find(({ type }) => type === 'table')
        return more ? { ...token, rows: [...token.rows, ...more.rows] } : token
      }
      case 'blockquote':
        return { ...token, tokens: [...token.tokens, { type: 'text', text: rest.replace(/^> ?/gm, '') }] }
      default:
        return token.tokens
          ? { ...token, tokens: [...token.tokens, { type: 'text', text: rest }] }
          : { ...token, raw: token.raw + rest }
    }
  }

  #parsedRest(source) {
    this.#rest ??= new GrowingMarkdown(LARGE_REST)
    return this.#rest.update(source, false).map(({ token }) => token)
  }
}
