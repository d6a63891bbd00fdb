/** The list of Flowise servers, and the folder that keeps them between runs and shares them between clones. */

import { homedir } from 'node:os'
import { join } from 'node:path'

/** The tested versions: one that streams over Socket.IO, and one that streams server-sent events. */
export const VERSIONS = ['2.0.7', '3.1.4']

/** The versions that a command line names: one of them, or `both`. */
export function versionsNamed(argument) {
  if (argument === 'both') return VERSIONS
  if (VERSIONS.includes(argument)) return [argument]
  throw new Error(`there is no tested Flowise ${argument}: name ${VERSIONS.join(', ')} or both`)
}

/** The folder that a version of Flowise is installed in. It may not exist yet. */
export function serverFolder(version) {
  const { FLOWISE_STREAM_CACHE, XDG_CACHE_HOME } = process.env
  const cache = FLOWISE_STREAM_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'flowise-stream')
  return join(cache, `flowise-${version}`)
}
