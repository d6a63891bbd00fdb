/**
 * The projects, by the tool that builds them.
 *
 *   files      the files of the project, from `projects/`: where they go, and what they are
 *   texts      further files: where they go, and their text
 *   html       the attributes of the page's script, if the project has the common page
 *   build      the tool and its arguments
 *   dev        the tool's server, if it is what serves the page
 *   served     the folder with what was built
 *   page       what is opened below the site's address
 *   run        a script that prints the answer
 *   host       what runs it, and its arguments, if not Node
 *   test       the build is a test run
 *   without    the ways to ask that it cannot have, such as the hook where nothing bundles React
 *   also       the ways to ask that only it has
 *   check      what else has to hold
 */

import assert from 'node:assert/strict'

import { bin } from './install.mjs'

const SOURCE = { 'src/index.js': 'react/page.js', 'src/render.js': 'react/render.js', 'src/chat.js': 'chat.js' }
const WITHOUT_REACT = { 'src/index.js': 'page.js', 'src/chat.js': 'chat.js' }
const WORKER = { 'src/index.js': 'worker/module-page.js', 'src/worker.js': 'worker/worker.js', 'src/chat.js': 'chat.js' }
const BUNDLE = { files: SOURCE, html: 'src="main.js" defer', page: 'index.html', served: 'dist' }
const MODULE = 'type="module" src="/src/index.js"'

const HOST = {
  files: { 'main.mjs': 'hosts/main.mjs', 'decode.js': 'hosts/decode.js', 'render.js': 'react/on-server.js', 'chat.js': 'chat.js' },
  manifest: { type: 'module' },
  run: 'main.mjs',
  also: ['decoded'],
}

/** Wrangler does the same: it bundles with the condition, and makes modules of imported `.wasm` files. */
const WORKERS = {
  files: {
    'main.js': 'workerd/main.js',
    'worker.js': 'workerd/worker.js',
    'config.capnp': 'workerd/config.capnp',
    'decode.js': 'hosts/decode.js',
    'chat.js': 'chat.js',
  },
  build: ['esbuild', 'main.js', '--bundle', '--format=esm', '--loader:.wasm=copy', '--asset-names=[name]', '--outdir=dist'],
  dev: ['workerd', 'serve', 'config.capnp', '--control-fd=1'],
  page: '',
  without: ['hooked'],
  also: ['decoded'],
}

/** An import map that serves a package and what it needs as they are installed. */
const IMPORTS = {
  'flowise-stream': '/node_modules/flowise-stream/dist/index.js',
  'flowise-stream/store': '/node_modules/flowise-stream/dist/store.js',
  'flowise-stream/ai': '/node_modules/flowise-stream/dist/ai.js',
  'socket.io-client': '/node_modules/socket.io-client/dist/socket.io.esm.min.js',
  'engine.io-client': '/node_modules/engine.io-client/dist/engine.io.esm.min.js',
  'socket.io-parser': '/node_modules/socket.io-parser/build/esm/index.js',
  '@socket.io/component-emitter': '/node_modules/@socket.io/component-emitter/lib/esm/index.js',
}

export const PROJECTS = {
  'Vite, as it is developed': { files: SOURCE, html: MODULE, dev: ['vite', '--port', '0', '--host', '127.0.0.1'], page: '' },
  'Vite, built': { files: SOURCE, html: MODULE, build: ['vite', 'build'], page: '', served: 'dist' },
  webpack: { ...BUNDLE, build: ['webpack', '--mode', 'production'] },
  Rspack: { ...BUNDLE, build: ['rspack', 'build', '--mode', 'production'] },
  esbuild: { ...BUNDLE, build: ['esbuild', 'src/index.js', '--bundle', '--minify', '--outfile=dist/main.js'] },
  Rollup: {
    ...BUNDLE,
    // React is CommonJS, which takes a plugin of its own.
    files: { ...WITHOUT_REACT, 'rollup.config.mjs': 'rollup/rollup.config.mjs' },
    without: ['hooked'],
    html: 'type="module" src="main.js"',
    build: ['rollup', '--config'],
  },
  Parcel: {
    files: SOURCE,
    html: 'type="module" src="src/index.js"',
    build: ['parcel', 'build', 'index.html', '--no-cache'],
    page: '',
    served: 'dist',
  },
  'Next.js': {
    files: { 'app/layout.js': 'next/app/layout.js', 'app/page.js': 'next/app/page.js', 'app/Chat.js': 'next/app/Chat.js', 'chat.js': 'chat.js' },
    build: ['next', 'build'],
    dev: ['next', 'start', '--port', '0', '--hostname', '127.0.0.1'],
    page: '',
    async check(site) {
      const html = await (await fetch(site.url)).text()
      assert.match(html, /data-server-import="true"/)
      assert.match(html, /Rendered on the server\./)
    },
  },
  'Node, ES module': {
    files: { 'main.mjs': 'node-esm/main.mjs', 'render.js': 'react/on-server.js', 'chat.js': 'chat.js' },
    manifest: { type: 'module' },
    run: 'main.mjs',
  },
  'Node, CommonJS': { files: { 'main.cjs': 'node-cjs/main.cjs' }, run: 'main.cjs' },
  Deno: { ...HOST, host: [bin('deno'), 'run', '--allow-all', '--no-config', '--node-modules-dir=manual'] },
  Bun: { ...HOST, host: [bin('bun'), 'run'] },
  'Workers, by workerd': { ...WORKERS, build: [...WORKERS.build, '--conditions=workerd'] },
  'Workers, by workerd, with the slim entry': {
    ...WORKERS,
    files: { ...WORKERS.files, 'main.js': 'workerd/slim.js' },
  },
  'Jest with jsdom': {
    files: { 'chat.test.js': 'jest/chat.test.js', 'render.js': 'jest/render.js' },
    manifest: { jest: { testEnvironment: 'jsdom' } },
    build: ['jest'],
    test: true,
  },
  'A Web Worker': {
    ...BUNDLE,
    files: { 'src/page.js': 'worker/page.js', 'src/worker.js': 'worker/worker.js', 'src/chat.js': 'chat.js' },
    html: 'src="page.js"',
    build: ['esbuild', 'src/page.js', 'src/worker.js', '--bundle', '--outdir=dist'],
    without: ['hooked'],
  },
  'A Web Worker, by Vite': { files: WORKER, html: MODULE, build: ['vite', 'build'], page: '', served: 'dist', without: ['hooked'] },
  'A Web Worker, by webpack': { ...BUNDLE, files: WORKER, build: ['webpack', '--mode', 'production'], without: ['hooked'] },
  'A page with an import map': {
    files: { 'page.js': 'page.js', 'chat.js': 'chat.js' },
    html: 'type="module" src="/page.js"',
    imports: IMPORTS,
    page: '',
    served: '.',
    without: ['hooked'],
  },
  'A page with a classic script': {
    files: { 'page.js': 'script/page.js' },
    html: 'src="/node_modules/flowise-stream/dist/index.iife.js"></script><script src="/page.js"',
    page: '',
    served: '.',
    without: ['stored', 'chunks', 'hooked'],
  },
}

const toolkit = (folder, ...more) => ({
  files: Object.fromEntries(['main.jsx', 'chat.jsx', ...more].map((file) => [`src/${file}`, `${folder}/${file}`])),
  html: 'type="module" src="/src/main.jsx"',
  build: ['vite', 'build'],
  page: '',
  served: 'dist',
})

/** Chat toolkits that the package is plugged into: each is a page that a person drives. */
export const TOOLKITS = { 'assistant-ui': toolkit('assistant-ui', 'speech.js'), CopilotKit: toolkit('copilotkit') }
