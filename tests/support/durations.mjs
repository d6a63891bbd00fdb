/**
 * A reporter for Node's test runner: how long each file took, the longest first. It runs beside a reporter for the tests.
 */

import { relative, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* durations(source) {
  const files = new Map()
  for await (const { type, data } of source) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.nesting !== 0 || !data.file) continue
    files.set(data.file, (files.get(data.file) ?? 0) + data.details.duration_ms)
  }
  const longest = [...files].sort(([, a], [, b]) => b - a)
  yield '\n'
  for (const [file, ms] of longest) yield `${(ms / 1000).toFixed(1).padStart(7)} s  ${relative(ROOT, file)}\n`
}
