import { useId } from 'react'

import { generationName } from './servers.js'

/** Selects one of the dev server's two generations of Flowise. */
export function Generations({ generations, chosen, choose }) {
  const name = useId()
  if (generations.length < 2) return null
  return (
    <fieldset className="generations">
      <legend className="unseen">Server</legend>
      {generations.map((generation) => (
        <label key={generation}>
          <input
            type="radio"
            name={name}
            value={generation}
            checked={chosen === generation}
            onChange={() => choose({ generation })}
          />
          <span>{generationName(generation)}</span>
        </label>
      ))}
    </fieldset>
  )
}
