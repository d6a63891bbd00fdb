import { Icon } from '../parts/Icon.jsx'
import { inWords } from '../parts/inWords.js'

/** The tools that an agent used, each with input and output. */
export function Tools({ tools }) {
  return (
    <ul className="used-tools" aria-label="Tools">
      {tools.map((tool, index) => (
        <li key={index}>
          <Tool tool={tool} />
        </li>
      ))}
    </ul>
  )
}

function Tool({ tool }) {
  const input = inWords(tool.toolInput)
  const output = inWords(tool.error ?? tool.toolOutput)
  return (
    <details className="fold tool">
      <summary>
        <Icon name={tool.error ? 'warning' : 'tool'} />
        <span>
          Used <strong>{inWords(tool.tool) || 'a tool'}</strong>
        </span>
        <span className="tool-result">{short(output)}</span>
        <Icon name="chevron" />
      </summary>
      <dl className="in-out">
        <dt>Input</dt>
        <dd>
          <pre tabIndex={0}>{input || 'nothing'}</pre>
        </dd>
        <dt>{tool.error ? 'Error' : 'Output'}</dt>
        <dd>
          <pre tabIndex={0}>{output || 'nothing yet'}</pre>
        </dd>
      </dl>
    </details>
  )
}

const short = (text) => (text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text)
