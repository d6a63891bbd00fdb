import { createHash } from 'node:crypto'
import { copyFileSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

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

/**
 * Puts what the first paint needs into the page itself: the styles of its shell, and the script that knows the theme. So it
 * waits for one answer of the server only. The policy of the page names the script by its hash.
 */
const firstPaint = {
  name: 'first-paint',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle, path: page }) {
      if (page !== '/index.html') return undefined
      const theme = readFileSync(inFolder('public/theme.js'), 'utf8')
      const hash = createHash('sha256').update(theme).digest('base64')
      return html
        .replace(/<link rel="stylesheet"[^>]*href="\.\/([^"]+)"[^>]*>/g, (_, file) => `<style>${bundle[file].source}</style>`)
        .replace(/<script\s+(?:vite-ignore )?src="\.\/theme\.js"><\/script>/, () => `<script>${theme}</script>`)
        .replace("script-src 'self'", `script-src 'self' 'sha256-${hash}'`)
    },
  },
  writeBundle({ dir }) {
    rmSync(path.join(dir, 'theme.js'))
  },
}

/** Compresses once what a server would compress for each visitor; many, as the dev server, send such files if they are there. */
const compressed = {
  name: 'compressed',
  apply: 'build',
  closeBundle() {
    for (const file of readdirSync(inFolder('dist'), { recursive: true })) {
      if (!/\.(js|css|html|svg)$/.test(file)) continue
      const name = inFolder('dist', file)
      writeFileSync(`${name}.gz`, gzipSync(readFileSync(name), { level: 9 }))
    }
  },
}

export default defineConfig({
  root: folder,
  // The page may be put below any path.
  base: './',
  plugins: [chatEarly, firstPaint, plainExample, compressed],
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
