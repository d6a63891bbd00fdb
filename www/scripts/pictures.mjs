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

const NEXT_QUESTION = 'Which owl is the largest?'
const NEXT_ANSWER = '**Blakiston’s fish owl**, with a wingspan of up to two metres. It lives beside rivers in the east of Asia.'
const OTHER_QUESTION = 'Which owl is the smallest?'
const OTHER_ANSWER = `**The elf owl** of Mexico and the south of the United States:

- It weighs 40 grams, about as much as a golf ball.
- It nests in holes that woodpeckers have left in cactuses.
- In winter it follows the insects to the south.`

const EARLIER = ['Do owls see in colour?', 'A lesson on feathers, for nine-year-olds', 'Translate the museum’s leaflet']

const demo = new Demo()
await demo.start()
try {
  await wide()
  await phone()
  await conversations()
  await animation()
} finally {
  await demo.stop()
}

async function open(options, path = '/') {
  // What moves by itself is caught half-way, or makes a film of nothing.
  const page = await demo.browser.open(demo.server.sse + path, { ...options, reducedMotion: 'reduce' })
  await connected(page)
  await hideCaret(page)
  return page
}

/** Nothing in a picture needs a caret. */
function hideCaret(page) {
  return page.addStyleTag({ content: '* { caret-color: transparent !important }' })
}

async function openEvents(page) {
  await page.getByRole('button', { name: 'Events', exact: true }).click()
  await page.getByRole('complementary', { name: 'Events' }).waitFor()
}

/** The scripted chatflow answers what it is told to, whatever the person asks; `orders` may be by question. */
function say(page, orders) {
  return page.route('**/api/v1/prediction/**', (route) => {
    const body = route.request().postDataJSON()
    const order = typeof orders === 'string' ? orders : (orders[body.question] ?? 'say Yes.')
    return route.continue({ postData: { ...body, question: order } })
  })
}

/** Earlier conversations, and the list of them. */
async function openConversations(page) {
  for (const question of EARLIER) {
    await ask(page, question)
    await page.getByRole('button', { name: 'New chat' }).click()
  }
  await page.getByRole('button', { name: 'Conversations', exact: true }).click()
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
  await page.getByLabel('Your question').focus()
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

/** The list of conversations, and questions that wait for the answer to end; dark. */
async function conversations() {
  const page = await open({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
  await say(page, { [QUESTION]: `sources, say ${ANSWER}`, [NEXT_QUESTION]: `slow say ${NEXT_ANSWER}` })
  await openConversations(page)
  await ask(page, QUESTION)
  await type(page, NEXT_QUESTION)
  await page.getByText('up to two metres').waitFor()
  await type(page, OTHER_QUESTION)
  await type(page, 'And where does it live?')
  await page.getByLabel('Your question').blur()
  await page.screenshot({ path: path.join(IMAGES, 'demo-conversations.png') })
  await page.context().close()
}

/** A question, the next one in the queue, an edit, and a reload in mid-answer. */
async function animation() {
  const page = await open(STAGE)
  await say(page, { [QUESTION]: `say ${ANSWER}`, [NEXT_QUESTION]: `say ${NEXT_ANSWER}`, [OTHER_QUESTION]: `say ${OTHER_ANSWER}` })
  await openConversations(page)
  const stopFilming = await film(page)
  const pressIn = async (field, text) => {
    await field.pressSequentially(text, { delay: 20 })
    await page.keyboard.press('Enter')
  }
  await pressIn(page.getByLabel('Your question'), QUESTION)
  await page.getByText('A velvet').waitFor()
  await pressIn(page.getByLabel('Your question'), NEXT_QUESTION)
  const turn = await over(page, 1)
  await turn.hover()
  await turn.getByRole('button', { name: 'Edit the question' }).click()
  await page.keyboard.press('ControlOrMeta+a')
  await pressIn(page.getByLabel('The question in other words'), OTHER_QUESTION)
  await page.getByText('as a golf ball').waitFor()
  await page.reload()
  await connected(page)
  await hideCaret(page)
  await page.getByText('The answer was interrupted').waitFor()
  await page.getByRole('button', { name: 'Regenerate' }).click()
  await over(page, 1)
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
