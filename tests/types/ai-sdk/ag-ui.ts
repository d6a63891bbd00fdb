// The `fetch` for AG-UI is one to its own client.

import { HttpAgent, type HttpAgentFetchFn } from '@ag-ui/client'

import { flowiseFetch } from 'flowise-stream/ag-ui'

export const forTheAgent: HttpAgentFetchFn = flowiseFetch({ url: 'https://example.com', chatflowId: 'flow' })
export const agent = new HttpAgent({ url: 'https://example.com/api/v1/prediction/flow', fetch: flowiseFetch() })

flowiseFetch({
  apiKey: 'key',
  prepareRequest: async ({ input, body, headers }) => ({ body: { ...body, said: input.messages.length }, headers: { ...headers, 'x-run': input.runId } }),
})
// @ts-expect-error only the body and the headers can be changed
flowiseFetch({ prepareRequest: () => ({ url: '/elsewhere' }) })
