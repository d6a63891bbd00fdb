/**
 * What a test file with pages runs on: a browser, a site of test pages, and real Flowise servers with a scripted model behind them.
 */

import { Browser } from '../support/browser.mjs'
import { Site } from '../support/site.mjs'
import { startForTests, starting } from '../support/stage.mjs'
import { VERSIONS } from './cache.mjs'
import { startModel } from './model.mjs'
import { startFlowise } from './servers.mjs'

/**
 * One server of each version, which allow the site's pages everything.
 *
 * @param {object} [options]
 * @param {ConstructorParameters<typeof Site>[0]} [options.site]
 * @param {string[]} [options.versions]
 */
export function stage({ site: siteOptions, versions = VERSIONS } = {}) {
  const [browser, site, model] = [new Browser(), new Site(siteOptions), starting(startModel)]
  const serverOf = (version) => starting(() => startFlowise(version, { model, corsOrigins: site.url }))
  const servers = Object.fromEntries(versions.map((version) => [version, serverOf(version)]))
  startForTests(browser, site, model)
  // They need the addresses of the others.
  startForTests(...Object.values(servers))
  return { browser, site, model, servers }
}
