/**
 * What an engine's driver cannot do. Node's test runner prints a test that needs it as skipped, with the reason.
 */

import { ENGINE } from './engines/engine.mjs'

const NOT_RUN = [
  { engine: 'firefox', need: 'memory', reason: 'WebDriver BiDi does not tell what a page holds' },
  { engine: 'firefox', need: 'freezing', reason: 'WebDriver BiDi cannot freeze a tab' },
  { engine: 'webkit', need: 'memory', reason: 'WebDriver does not tell what a page holds' },
  { engine: 'webkit', need: 'freezing', reason: 'WebDriver cannot freeze a tab' },
  { engine: 'webkit', need: 'network', reason: 'WebDriver cannot take the network away' },
]

/**
 * Options of a test that does not run in every engine.
 *
 * @param {'memory' | 'freezing' | 'network'} need
 */
export function needs(need) {
  if (!NOT_RUN.some((row) => row.need === need)) throw new Error(`every engine has ${need}: the test needs no option`)
  const row = NOT_RUN.find((row) => row.need === need && row.engine === ENGINE)
  return { skip: row && `${ENGINE}: ${row.reason}` }
}
