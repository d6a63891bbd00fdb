/**
 * What a test file with pages runs on: a browser, a site of test pages, and real Flowise servers with a scripted model behind them.
 */

import { Browser } from '../support/browser.mjs'
import { Site } from '../support/site.mjs'
import { startInTurn, starting } from '../support/stage.mjs'
import { VERSIONS } from './cache.mjs'
import { startModel } from './model.mjs'
import { startFlowise } from './servers.mjs'

/**
 * One server of each version, which allow the site's pages everything.
 *
 * @param {object} [options]
 * @param {ConstructorParameters<typeof Site>[0]} [options.site]
 */
export function stage({ site: siteOptions } = {}) {
  const [browser, site, model] = [new Browser(), new Site(siteOptions), starting(startModel)]
  const serverOf = (version) => starting(() => startFlowise(version, { model, corsOrigins: site.url }))
  const servers = Object.fromEntries(VERSIONS.map((version) => [version, serverOf(version)]))
  startInTurn([browser, site, model], Object.values(servers))
  return { browser, site, model, servers }
}
