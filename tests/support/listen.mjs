/**
 * Servers of tests listen on a free port of 127.0.0.1.
 */

import { once } from 'node:events'

/**
 * @param {import('node:http').Server} server
 * @returns its address, and a function that ends it with all its connections
 */
export async function listen(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
