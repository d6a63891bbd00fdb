/**
 * What a page holds, measured by Chromium itself after everything that can be collected was collected.
 */

import assert from 'node:assert/strict'

/** The classes whose living objects are counted by default, as expressions in the page. */
const COUNTED = { sockets: `(await import('socket.io-client')).Socket`, managers: `(await import('socket.io-client')).Manager` }

/**
 * Checks that nothing was left behind between two measurements, and notes them with the test.
 *
 * @param {import('node:test').TestContext} t
 * @param {number} most.heap bytes that JavaScript's heap may grow by: compiled code stays
 * @param {number} [most.wasm] bytes that WebAssembly's memory may grow by
 */
export function assertFlat(t, before, after, most) {
  const grown = { heap: after.heap - before.heap, wasm: after.wasm - before.wasm }
  t.diagnostic(JSON.stringify({ before, after, grown }))
  assert.ok(grown.heap < most.heap, `the heap grew by ${grown.heap} bytes`)
  assert.ok(grown.wasm <= (most.wasm ?? 0), `WebAssembly's memory grew by ${grown.wasm} bytes`)
  for (const what of Object.keys(before)) if (!(what in grown)) assert.equal(after[what], before[what], what)
}

/**
 * Watches a page's memory.
 *
 * @param {import('playwright-core').Page} page
 */
export async function memoryOf(page, counted = COUNTED) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.enable')
  await cdp.send('Performance.enable')

  /** Calls `tell` in the page with the living objects of a class. */
  const living = async (expression, tell) => {
    const objectGroup = 'memory'
    const { result } = await cdp.send('Runtime.evaluate', {
      expression: `(async () => (${expression}).prototype)()`,
      awaitPromise: true,
      objectGroup,
    })
    const { objects } = await cdp.send('Runtime.queryObjects', { prototypeObjectId: result.objectId, objectGroup })
    const told = await cdp.send('Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: `function () { return (${tell})(this) }`,
      returnByValue: true,
    })
    await cdp.send('Runtime.releaseObjectGroup', { objectGroup })
    return told.result.value
  }

  return {
    /** `{ heap, wasm, listeners, sockets, managers }`: two in bytes, the others in number. */
    async measure() {
      // A FinalizationRegistry or a WeakRef releases its objects after a turn of the event loop.
      for (let round = 0; round < 5; round++) {
        await cdp.send('HeapProfiler.collectGarbage')
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
      }
      // Only JavaScript's heap: in the browser's, the developer tools record every request.
      const { usedSize } = await cdp.send('Runtime.getHeapUsage')
      const { metrics } = await cdp.send('Performance.getMetrics')
      const counts = {}
      for (const [name, expression] of Object.entries(counted)) counts[name] = await living(expression, '(all) => all.length')
      return {
        heap: usedSize,
        wasm: await living('WebAssembly.Memory', '(all) => all.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)'),
        listeners: metrics.find(({ name }) => name === 'JSEventListeners').value,
        ...counts,
      }
    },
  }
}
