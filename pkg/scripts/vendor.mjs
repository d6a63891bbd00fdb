// Prints socket.io-client, and the parts of it that the crate uses, as one ES module without imports.
//
//   node pkg/scripts/vendor.mjs [FOLDER]      FOLDER: its node_modules is used instead of the package's

import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

import { bundledPackages, notice } from './licenses.mjs'

const folder = path.resolve(process.argv[2] ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '..'))

const exported = `
  export { default, io, Manager, NodeWebSocket, NodeXHR, protocol, Socket, WebTransport } from 'socket.io-client'
  export { Transport, transports } from 'engine.io-client'
  export { Decoder, Encoder } from 'socket.io-parser'
`

const { metafile, outputFiles } = await build({
  stdin: { contents: exported, resolveDir: folder, sourcefile: 'socket.io.js' },
  absWorkingDir: folder,
  bundle: true,
  charset: 'ascii',
  format: 'esm',
  legalComments: 'inline',
  metafile: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  write: false,
})

// The newline at the end of the notice separates it from the code.
process.stdout.write(`/*!\n${notice(bundledPackages(metafile, folder))}\n*/\n${outputFiles[0].text}`)
