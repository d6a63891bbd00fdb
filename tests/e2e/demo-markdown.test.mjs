/**
 * Streaming Markdown in the demo page: the same blocks wherever the text is cut, and linear work instead of quadratic.
 */

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { GrowingMarkdown } from '../../www/src/markdown/blocks.js'

const WWW = resolve(import.meta.dirname, '../../www')
// The same copy that the page uses, to see what it parses.
const { Lexer } = await import(pathToFileURL(createRequire(join(WWW, 'package.json')).resolve('marked')).href)

const TEXT = `# A title

A *paragraph* with **bold**, \`code\` and [a link](https://example.com).
Its second line.

- one
- two
  - nested

  more of two

1. first
2. second

> quoted
> twice

| a | b |
|---|:-:|
| 1 | 2 |
| 3 | 4 |

\`\`\`js
const a = 1

const b = 2
\`\`\`

Setext
------

- [x] done
- [ ] to do

---

The end & more &lt;b&gt;.`

const shapeOf = (blocks) => blocks.map(({ token }) => [token.type, token.raw.trimEnd()])

const whole = shapeOf(new GrowingMarkdown().update(TEXT, true))

test('a text that arrives character by character ends as if it had arrived at once', () => {
  const markdown = new GrowingMarkdown()
  for (let end = 1; end <= TEXT.length; end++) markdown.update(TEXT.slice(0, end), false)
  assert.deepEqual(shapeOf(markdown.update(TEXT, true)), whole)
})

test('the same holds for every single cut', () => {
  for (let cut = 1; cut < TEXT.length; cut++) {
    const markdown = new GrowingMarkdown()
    markdown.update(TEXT.slice(0, cut), false)
    assert.deepEqual(shapeOf(markdown.update(TEXT, true)), whole, `cut after ${cut} characters`)
  }
})

test('finished blocks keep their identity', () => {
  const markdown = new GrowingMarkdown()
  const [title] = markdown.update(TEXT.slice(0, 60), false)
  assert.equal(markdown.update(TEXT, false)[0], title)
})

test('another text starts over', () => {
  const markdown = new GrowingMarkdown()
  markdown.update('One.\n\nTwo.', false)
  assert.deepEqual(shapeOf(markdown.update('Three.', true)), [['paragraph', 'Three.']])
})

test('the unparsed end of a long paragraph is shown as text', () => {
  const markdown = new GrowingMarkdown()
  const long = 'word '.repeat(2000)
  markdown.update(long, false)
  const blocks = markdown.update(`${long}more`, false)
  assert.equal(blocks.at(-1).token.tokens.at(-1).text, 'more')
  assert.equal(shapeOf(markdown.update(`${long}more`, true))[0][1], `${long}more`)
})

test('the head of a table is shown when the line below it is complete', () => {
  const markdown = new GrowingMarkdown()
  for (const text of ['| a | b |', '| a | b |\n|---']) assert.deepEqual(markdown.update(text, false), [], text)
  assert.deepEqual(
    markdown.update('| a | b |\n|---|---|\n|', false).map(({ token }) => token.type),
    ['table'],
  )
})

test('markup without its end is shown as if it ended here', () => {
  const [{ token }] = new GrowingMarkdown().update('A **bold', false)
  assert.equal(token.tokens.at(-1).type, 'strong')
})

/** The last block after a text has arrived line by line, with a final piece too small to parse everything again. */
function grown(head, line, piece) {
  const markdown = new GrowingMarkdown()
  let text = head
  for (let index = 0; index < 400; index++) markdown.update((text += line), false)
  return markdown.update(text + piece, false).at(-1).token
}

test('a long list grows by items, and not by text', () => {
  const token = grown('', '- an item of **it**\n', '- another **one**\n- and')
  assert.deepEqual([token.type, token.items.length], ['list', 402])
  assert.deepEqual(
    token.items.slice(-2).map(({ text }) => text),
    ['another **one**', 'and'],
  )
})

test('a long table grows by rows', () => {
  const token = grown('| a | b |\n|---|:-:|\n', '| one | two |\n', '| *three* | four |\n')
  assert.deepEqual([token.type, token.rows.length], ['table', 401])
  assert.equal(token.rows.at(-1)[0].tokens[0].type, 'em')
})

test('a long block of code grows by lines', () => {
  const { text } = grown('```js\n', 'const line = "of code"\n', 'return')
  assert.equal(text, `${'const line = "of code"\n'.repeat(400)}return`)
})

test('a long quote grows by its text, without the marks', () => {
  const { type, tokens } = grown('', '> A line of the quote\n', '> more')
  assert.equal(type, 'blockquote')
  assert.match(tokens.at(-1).text, /^more$/m)
  assert.doesNotMatch(tokens.at(-1).text, />/)
})

for (const [name, head, line, end, type] of [
  ['block of code in tildes', '~~~js\n', 'const line = "of code"\n', '~~~\n\nAfter.', 'code'],
  ['code', '```js\n', 'const line = "of code"\n', '```\n\nAfter.', 'code'],
  ['list', '', '- an item of a list\n', '\nAfter.', 'list'],
  ['table', '| a |\n|---|\n', '| a cell of it |\n', '\nAfter.', 'table'],
]) {
  test(`text after a long ${name} is not taken as part of it`, () => {
    const markdown = new GrowingMarkdown()
    let text = head
    for (let index = 0; index < 400; index++) markdown.update((text += line), false)
    const blocks = markdown.update(text + end, false)
    assert.deepEqual(
      blocks.map(({ token }) => token.type),
      [type, 'paragraph'],
    )
  })
}

for (const [name, piece] of [
  ['many short paragraphs', 'A sentence of the text.\n\n'],
  ['one endless paragraph', 'A sentence of the text. '],
  ['one endless block of code', 'const line = "of code"\n'],
  ['one endless list', '- an item of the list\n'],
  ['one endless list with empty lines', '- an item of the list\n\n'],
  ['one endless table', '| a cell | of it |\n'],
]) {
  test(`${name}: twice the text is parsed for twice as long`, (t) => {
    const parsed = (count) => {
      let characters = 0
      const lex = Lexer.prototype.lex
      t.mock.method(Lexer.prototype, 'lex', function (source) {
        characters += source.length
        return lex.call(this, source)
      })
      const markdown = new GrowingMarkdown()
      let text = name.endsWith('code') ? '```js\n' : name.endsWith('table') ? '| a | b |\n|---|---|\n' : ''
      for (let index = 0; index < count; index++) {
        text += piece
        markdown.update(text, false)
      }
      t.mock.reset()
      return characters / text.length
    }
    const [some, twice] = [parsed(1000), parsed(2000)]
    assert.ok(twice < some * 1.3, `each character was parsed ${some.toFixed(1)} times, then ${twice.toFixed(1)} times`)
  })
}
