/**
 * Makes the pictures of the demo page that the README shows, into docs/images.
 *
 *     npm run pictures      after `npm run build`, and `npm install` in tests/
 *
 * They look best with the fonts Inter, JetBrains Mono and Noto Color Emoji on the machine.
 */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'

import { Demo, PHONE, ask, connected, over, type } from '../../tests/support/demo.mjs'
import { animate } from './animation.mjs'

const IMAGES = path.resolve(import.meta.dirname, '../../docs/images')
// What GitHub shows of a wide picture.
const STAGE = { viewport: { width: 1000, height: 640 }, colorScheme: 'light' }
const FRAME_MS = 150

const QUESTION = 'Why are owls so quiet?'
const ANSWER = `### Three parts make the silence

1. **A comb** on the front edge of the wing breaks the air into *small* swirls.
2. **A velvet** on the feathers keeps them from rubbing on each other.
3. **A fringe** on the back edge lets the swirls die away.

| Bird | Loudest at | Heard from |
|:--|--:|--:|
| Barn owl | 1.6 kHz | 2 m |
| Pigeon | 3.2 kHz | 40 m |

> An owl hears the mouse, and the mouse does not hear the owl.`

const CODE_QUESTION = 'How many owls did we hear last night?'
const CODE_ANSWER = `**Seven.** Every call is in the list, so each owl counts once a night:

\`\`\`js
const heard = calls.filter(({ bird }) => bird === 'owl')
const owls = new Set(heard.map(({ name }) => name))
console.log(\`\${owls.size} owls\`) // "7 owls"
\`\`\``

const demo = new Demo()
await demo.start()
try {
  await wide()
  await phone()
  await animation()
} finally {
  await demo.stop()
}

async function open(options, path = '/') {
  // What moves by itself is caught half-way, or makes a film of nothing.
  const page = await demo.browser.open(demo.server.sse + path, { ...options, reducedMotion: 'reduce' })
  await connected(page)
  // Nothing in a picture needs a caret.
  await page.addStyleTag({ content: '* { caret-color: transparent !important }' })
  return page
}

async function openEvents(page) {
  await page.getByRole('button', { name: 'Events', exact: true }).click()
  await page.getByRole('complementary', { name: 'Events' }).waitFor()
}

/** The scripted chatflow answers what it is told to, whatever the person asks. */
function say(page, order) {
  return page.route('**/api/v1/prediction/**', (route) => {
    const body = route.request().postDataJSON()
    return route.continue({ postData: { ...body, question: order } })
  })
}

/** A team of agents, code and sources, with the events behind them. */
async function wide() {
  const page = await open({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  await say(page, `everyone, sources, say ${CODE_ANSWER}`)
  await openEvents(page)
  const turn = await ask(page, CODE_QUESTION)
  await turn.locator('.syn-kwd').first().waitFor()
  await page.getByLabel('Your question').blur()
  await page.screenshot({ path: path.join(IMAGES, 'demo-wide.png') })
  await page.context().close()
}

/** A flow that waits for a person, on a phone, in the dark. */
async function phone() {
  const page = await open({ ...PHONE, colorScheme: 'dark' }, '/?generation=3.1&flow=human')
  await ask(page, 'Answer this mail, but let me see it first')
  await page.getByLabel('Your question').blur()
  await page.screenshot({ path: path.join(IMAGES, 'demo-phone.png') })
  await page.context().close()
}

/** A question from its first letter to the end of its answer. */
async function animation() {
  const page = await open(STAGE)
  await say(page, `everyone, sources, follow up, say ${ANSWER}`)
  await openEvents(page)
  const stopFilming = await film(page)
  await page.getByLabel('Your question').pressSequentially(QUESTION, { delay: 20 })
  await page.keyboard.press('Enter')
  await over(page, 0)
  await page.locator('.follow-ups').waitFor()
  const frames = await stopFilming()
  await page.context().close()
  const blank = await demo.browser.open('about:blank')
  await writeFile(path.join(IMAGES, 'demo.webp'), await animate(blank, frames, 3500))
  await blank.context().close()
}

/** Notes what the page shows, as often as it changes but no more often than need be. */
async function film(page) {
  const session = await page.context().newCDPSession(page)
  const frames = []
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    const at = metadata.timestamp * 1000
    // The last of a burst is the one that stays. On a busy machine one may come late, and is past then.
    if (!(at < frames.at(-1)?.at)) {
      if (frames.length > 1 && at - frames.at(-2).at < FRAME_MS) frames.pop()
      frames.push({ png: data, at })
    }
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {})
  })
  await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 })
  return async () => {
    // Until the last change is on film.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    await session.send('Page.stopScreencast')
    return frames
  }
}
