/**
 * Loaded into every Flowise server before its own code, by `node --require`.
 */
'use strict'

const { createRequire } = require('node:module')

// LangChain counts tokens with a table that it fetches from the internet, and repeats the request for three minutes where there is
// none. The same table is in a package that is installed.
const TOKEN_TABLE = /^https:\/\/tiktoken\.pages\.dev\/js\/(\w+)\.json$/
const fetchFromNetwork = globalThis.fetch
globalThis.fetch = async (resource, init) => {
  const table = TOKEN_TABLE.exec(String(resource?.url ?? resource))?.[1]
  if (!table) return fetchFromNetwork(resource, init)
  const ranks = createRequire(`${process.cwd()}/`)(`js-tiktoken/ranks/${table}`)
  return Response.json(ranks.default ?? ranks)
}

// Whoever started the server holds the other end of its input. It ends with that process, however that ends.
process.stdin.on('end', () => process.exit()).on('error', () => process.exit())
process.stdin.resume()
process.stdin.unref?.()
