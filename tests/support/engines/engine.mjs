/** The engine in which pages run: `chromium`, `firefox` or `webkit`. */
export const ENGINE = process.env.ENGINE || 'chromium'

if (!['chromium', 'firefox', 'webkit'].includes(ENGINE)) throw new Error(`ENGINE is ${ENGINE}: chromium, firefox or webkit`)
