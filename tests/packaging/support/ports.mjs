/**
 * Existing front ends for Flowise before and after the move: the code of docs/coming-from.md, and the snippet with a socket in a page
 * of Next.js. Same shape as `projects.mjs`.
 */

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { examples } from '../../support/readme.mjs'
import { HERE } from './install.mjs'

const DOCUMENT = readFileSync(resolve(HERE, '../../docs/coming-from.md'), 'utf8')

/** The ways, in the order of the document, and what streams from only one generation of Flowise. */
export const FRONT_ENDS = {
  'socket.io-client, before': ['2.0'],
  'socket.io-client, after': ['2.0', '3.1'],
  'flowise-sdk, before': ['3.1'],
  'flowise-sdk, after': ['2.0', '3.1'],
  'flowise-embed, after': ['2.0', '3.1'],
  'a reader, before': ['3.1'],
  'a reader, after': ['2.0', '3.1'],
  'a reader, with the decoder alone': ['3.1'],
}

const found = examples(DOCUMENT)
if (found.length !== Object.keys(FRONT_ENDS).length) throw new Error(`docs/coming-from.md has ${found.length} examples`)

export const COMING_FROM = {
  files: { 'src/index.js': 'ports/ways.js' },
  texts: Object.fromEntries(Object.keys(FRONT_ENDS).map((way, at) => [`src/ways/${way}.js`, found[at].code])),
  html: 'type="module" src="/src/index.js"',
  build: ['vite', 'build'],
  page: '',
  served: 'dist',
}

export const SNIPPET_IN_NEXT = {
  files: {
    'app/layout.js': 'next/app/layout.js',
    'app/page.js': 'ports/app/page.js',
    'app/Chat.js': 'ports/app/Chat.js',
    'app/about/page.js': 'ports/app/about/page.js',
  },
  // As it is developed: in StrictMode.
  dev: ['next', 'dev', '--port', '0', '--hostname', '127.0.0.1'],
}
