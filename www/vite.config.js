import { copyFileSync, cpSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

const folder = path.dirname(fileURLToPath(import.meta.url))
const inFolder = (...names) => path.join(folder, ...names)

/** The page without a bundler is copied as it is, with the build of the package that it loads. */
const plainExample = {
  name: 'plain-example',
  apply: 'build',
  writeBundle({ dir }) {
    cpSync(inFolder('examples/plain.html'), path.join(dir, 'examples/plain.html'))
    copyFileSync(inFolder('node_modules/flowise-stream/dist/index.iife.js'), path.join(dir, 'examples/flowise-stream.js'))
  },
}

/**
 * Lets the browser fetch the chat along with the page's entry, and not only when that has run: everybody needs it, and it
 * is split off just so that the first paint does not wait for it.
 */
const chatEarly = {
  name: 'chat-early',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle, path: page }) {
      if (page !== '/index.html') return
      const chat = Object.values(bundle).find((chunk) => chunk.type === 'chunk' && chunk.name === 'Chat')
      const files = [chat.fileName, ...chat.imports].filter((file) => !html.includes(file))
      return files.map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` },
        injectTo: 'head',
      }))
    },
  },
}

export default defineConfig({
  root: folder,
  // The page may be put below any path.
  base: './',
  plugins: [chatEarly, plainExample],
  resolve: {
    // The package is a link to its folder, which has a React of its own for its tests.
    dedupe: ['react', 'react-dom'],
  },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 300,
    rolldownOptions: {
      input: { index: inFolder('index.html'), snippet: inFolder('examples/snippet/index.html') },
    },
  },
})
