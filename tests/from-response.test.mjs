// `fromResponse` in Node, as in a server between a page and Flowise. The same runs in pages: tests/e2e/from-response.test.mjs.

import { after, before, describe } from 'node:test'

import { startDevServer } from './support/dev-server.mjs'
import { testResponses } from './support/responses.mjs'

let server

before(async () => (server = await startDevServer()))
after(() => server?.stop())

describe('responses in Node', () => testResponses((t, act, given) => act(given), () => server))
