/**
 * A web server for the files of a folder.
 */

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'

import { listen } from './listen.mjs'

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
}

/**
 * Serves a folder on a free port of 127.0.0.1; a path that ends in `/` is the `index.html` there.
 *
 * @param {string} folder
 */
export async function startFolder(folder) {
  const root = resolve(folder) + sep
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const file = join(root, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
    const body = file.startsWith(root) ? await readFile(file).catch(() => undefined) : undefined
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type, 'cache-control': 'no-store' })
    response.end(body)
  })
  return listen(server)
}
