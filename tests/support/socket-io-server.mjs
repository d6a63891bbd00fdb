/** The Socket.IO server of the tests (`tests/socket-io-server`) as a child process. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { run, TARGET } from './front-end.mjs'

/** Builds and starts it on a free port. It ends with this process, however that ends. */
export async function startSocketIoServer() {
  run('cargo', ['build', '--quiet', '--package', 'socket-io-server', '--target-dir', TARGET])
  const child = spawn(join(TARGET, 'debug/socket-io-server'), { stdio: ['pipe', 'pipe', 'inherit'] })
  const [url] = await once(createInterface({ input: child.stdout }), 'line')
  return {
    url,
    async stop() {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}
