// `fromResponse` in Node, as in a server between a page and Flowise. The same runs in pages: tests/e2e/from-response.test.mjs.

import { after, before, describe } from 'node:test'

import { startDevServer } from './support/dev-server.mjs'
import { testResponses } from './support/responses.mjs'

let server

before(async () => (server = await startDevServer()))
after(() => server?.stop())

// a body that nobody closes would otherwise be waited for
describe('responses in Node', { timeout: 120_000 }, () => testResponses((t, act, given) => act(given), () => server))
