import { memo, useState } from 'react'

import { Block } from './Block.jsx'
import { GrowingMarkdown } from './blocks.js'

const MemoBlock = memo(Block)

/** Renders Markdown block by block. `complete`: no more text will arrive. */
export default function Markdown({ text, complete }) {
  const [markdown] = useState(() => new GrowingMarkdown())
  return (
    <div className="markdown">
      {markdown.update(text, complete).map(({ key, token }) => (
        <MemoBlock key={key} token={token} />
      ))}
    </div>
  )
}
