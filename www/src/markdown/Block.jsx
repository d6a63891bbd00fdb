/**
 * Markdown tokens as React elements.
 *
 * Text never becomes HTML: markup from a model is shown as plain characters. Links open only web pages
 * and mail programs. Pictures are shown as links, because loading one would tell its server what was read here.
 */

import { Fragment, memo } from 'react'

import { CodeBlock } from './CodeBlock.jsx'
import { decodeEntities } from './entities.js'
import { safeUrl } from './links.js'

/** One block. */
export function Block({ token }) {
  switch (token.type) {
    case 'heading': {
      // The page title has level 1, the question level 2.
      const Heading = `h${Math.min(token.depth + 2, 6)}`
      return (
        <Heading className={`level-${token.depth}`}>
          <Inline tokens={token.tokens} />
        </Heading>
      )
    }
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} />
        </p>
      )
    case 'code':
      return <CodeBlock code={token.text} language={token.lang} />
    case 'blockquote':
      return (
        <blockquote>
          <Blocks tokens={token.tokens} />
        </blockquote>
      )
    case 'list':
      return <List token={token} />
    case 'table':
      return <Table token={token} />
    case 'hr':
      return <hr />
    case 'space':
    case 'def':
      return null
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : decodeEntities(token.text)
    default:
      return <p className="verbatim">{token.raw}</p>
  }
}

// A token has no id, so its index is the key.
const Blocks = ({ tokens }) => tokens.map((token, index) => <Block key={index} token={token} />)

function List({ token }) {
  const Tag = token.ordered ? 'ol' : 'ul'
  return (
    <Tag start={token.ordered && token.start !== 1 ? token.start : undefined}>
      {token.items.map((item, index) => (
        <Item key={index} item={item} />
      ))}
    </Tag>
  )
}

// When a long list or table grows, most of it stays the same.
const Item = memo(function Item({ item }) {
  return (
    <li className={item.task ? 'task' : undefined}>
      {item.task && <input type="checkbox" checked={item.checked} readOnly disabled aria-label={item.checked ? 'done' : 'to do'} />}
      <Blocks tokens={item.tokens.filter((part) => part.type !== 'checkbox')} />
    </li>
  )
})

function Table({ token }) {
  return (
    <div className="table" role="group" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" style={aligned(token.align[index])}>
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <Line key={index} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Line = memo(function Line({ row }) {
  return (
    <tr>
      {row.map((cell, index) => (
        <td key={index} style={aligned(cell.align)}>
          <Inline tokens={cell.tokens} />
        </td>
      ))}
    </tr>
  )
})

const aligned = (side) => (side ? { textAlign: side } : undefined)

function Inline({ tokens = [] }) {
  return tokens.map((token, index) => <InlineToken key={index} token={token} />)
}

function InlineToken({ token }) {
  switch (token.type) {
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      )
    case 'codespan':
      return <code>{decodeEntities(token.text)}</code>
    case 'br':
      return <br />
    case 'checkbox':
      return null
    case 'link':
      return (
        <Link href={token.href} title={token.title}>
          <Inline tokens={token.tokens} />
        </Link>
      )
    case 'image':
      return (
        <Link href={token.href} title="A picture that is not loaded by itself">
          {`🖼 ${token.text || 'picture'}`}
        </Link>
      )
    case 'text':
    case 'escape':
      return token.tokens ? <Inline tokens={token.tokens} /> : decodeEntities(token.text)
    default:
      return <Fragment>{token.raw}</Fragment>
  }
}

function Link({ href, title, children }) {
  const url = safeUrl(href)
  if (!url) return <span className="dead-link">{children}</span>
  return (
    <a href={url} title={title || undefined} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}
