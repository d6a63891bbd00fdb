/**
 * Bundles the module of a test page as an application's bundler does, with the built package and npm packages in it.
 */

import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const { build } = createRequire(join(ROOT, 'pkg/package.json'))('esbuild')

/**
 * @param {string} file a module, which may use JSX
 * @param {{ alias?: Record<string, string>, format?: 'esm' | 'iife' }} [options] other packages in the place of those that are imported;
 *   a module, or a classic script
 * @returns {Promise<string>} one file without imports
 */
export async function bundlePage(file, { alias, format = 'esm' } = {}) {
  const { outputFiles } = await build({
    absWorkingDir: join(ROOT, 'tests'),
    alias,
    bundle: true,
    define: { 'process.env.NODE_ENV': '"development"' },
    entryPoints: [file],
    format,
    jsx: 'automatic',
    logLevel: 'error',
    nodePaths: [join(ROOT, 'tests/node_modules')],
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0].text
}

/** A page that runs a module of the site. */
export const pageOf = (module) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test page</title>
<link rel="icon" href="data:,"><body><div id="root"></div><script type="module" src="${module}"></script></body></html>`

/**
 * Pages that run one module with several versions of a package: `/<name>-<version>`.
 *
 * @param {string} name
 * @param {string} file the module
 * @param {Record<string, Record<string, string> | undefined>} versions what each has in the place of the packages that are imported
 */
export async function bundlePages(name, file, versions) {
  const files = {}
  for (const [version, alias] of Object.entries(versions)) {
    files[`/${name}-${version}.js`] = await bundlePage(file, { alias })
    files[`/${name}-${version}`] = pageOf(`/${name}-${version}.js`)
  }
  return files
}
