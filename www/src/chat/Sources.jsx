import { Icon } from '../parts/Icon.jsx'
import { inWords } from '../parts/inWords.js'
import { safeUrl } from '../markdown/links.js'

/** The documents that an answer is based on, each with its text. */
export function Sources({ sources }) {
  return (
    <section className="sources" aria-label="Sources">
      <p className="part-title">
        <Icon name="document" />
        <span>{sources.length === 1 ? '1 source' : `${sources.length} sources`}</span>
      </p>
      <ul>
        {sources.map((source, index) => (
          <li key={index}>
            <Source source={source} number={index + 1} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Source({ source, number }) {
  const metadata = source.metadata ?? {}
  const place = inWords(metadata.source ?? metadata.fileName)
  const url = safeUrl(place)
  const name = inWords(metadata.title) || (url ? new URL(url).host : place.split(/[\\/]/).at(-1))
  const page = inWords(metadata.loc?.pageNumber)
  return (
    <details className="source">
      <summary>
        <span className="number">{number}</span>
        <span className="source-name">{name || 'Document'}</span>
        <span className="source-place">{page ? `page ${page}` : url ? new URL(url).host : ''}</span>
        <Icon name="chevron" />
      </summary>
      <blockquote>{inWords(source.pageContent)}</blockquote>
      {url ? (
        <a href={url} target="_blank" rel="noopener noreferrer nofollow">
          {place}
        </a>
      ) : (
        place && <p className="source-path">{place}</p>
      )}
    </details>
  )
}
