// Collects the licences of the npm packages in a bundle. They require that notice and text accompany every copy.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * The packages in a bundle, from esbuild's metafile.
 *
 * @param {import('esbuild').Metafile} metafile
 * @param {string} folder esbuild's working directory, to which the metafile's paths are relative
 */
export function bundledPackages(metafile, folder) {
  const roots = new Set()
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (found) roots.add(path.resolve(folder, found[1]))
  }
  return [...roots].sort().map((root) => {
    const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
    const file = readdirSync(root).find((entry) => /^licen[cs]e/i.test(entry))
    if (!file) throw new Error(`${name} ${version} has no licence file, so the package cannot include its licence`)
    return { name, version, license: readFileSync(path.join(root, file), 'utf8') }
  })
}

/**
 * The notice for a bundle: the authors and licences of its packages. A licence that several packages share appears
 * once.
 *
 * @param {ReturnType<typeof bundledPackages>} packages
 */
export function notice(packages) {
  const holders = new Map()
  for (const { name, version, license } of packages) {
    const lines = license.split(/\r?\n/).map((line) => line.trim())
    const copyright = lines.find((line) => /^copyright/i.test(line)) ?? ''
    const terms = lines.filter((line) => line !== copyright && !/^\(?the mit license(?: \(mit\))?\)?$/i.test(line))
    const text = terms.join('\n').replace(/\n{2,}/g, '\n\n').trim()
    // The same licence differs between packages in line breaks and quotation marks.
    const key = text.replace(/\s+/g, ' ').replaceAll("'", '"')
    const entry = holders.get(key) ?? { text, lines: [] }
    entry.lines.push(`${name} ${version}: ${copyright}`)
    holders.set(key, entry)
  }
  return [...holders.values()].map(({ text, lines }) => `${lines.join('\n')}\n\n${text}`).join('\n\n\n')
}
