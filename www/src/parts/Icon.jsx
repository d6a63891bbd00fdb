// Line drawings on a grid of 24.
const PATHS = {
  action: 'M12 3v3m0 12v3m9-9h-3M6 12H3m15.4-6.4-2.1 2.1M7.7 16.3l-2.1 2.1m12.8 0-2.1-2.1M7.7 7.7 5.6 5.6',
  brain:
    'M12 5a3 3 0 0 0-5.6 1.5A3.5 3.5 0 0 0 5 13a3.5 3.5 0 0 0 3 5.5A3 3 0 0 0 12 20zm0 0a3 3 0 0 1 5.6 1.5A3.5 3.5 0 0 1 19 13a3.5 3.5 0 0 1-3 5.5A3 3 0 0 1 12 20z',
  chats: 'M4 5h12v9H9l-3.5 3V14H4zM9 17h6.5l3 2.5V17H20V9',
  check: 'M5 12.5 10 17 19 7',
  chevron: 'm9 6 6 6-6 6',
  close: 'M6 6l12 12M18 6 6 18',
  compose: 'M12 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-6M9.5 14.5l.6-3L18.2 3.4a1.7 1.7 0 0 1 2.4 2.4l-8.1 8.1z',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  document: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5m-5 4h5',
  down: 'M12 5v14m-6-6 6 6 6-6',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  file: 'm16.5 7.5-7.8 7.8a2 2 0 0 0 2.8 2.8l8-8a4 4 0 0 0-5.6-5.6l-8 8a6 6 0 0 0 8.5 8.5L21 14.5',
  inspect: 'M4 6h16M4 12h10M4 18h7m6-3v6m-3-3h6',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  play: 'M8 5v14l11-7z',
  remove: 'M5 7h14M10 7V4h4v3m-7 0 .8 13h8.4L17 7m-7 4v5m4-5v5',
  retry: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5',
  send: 'M12 19V5m-6 6 6-6 6 6',
  settings: 'M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.5v5m-7 5v5',
  steps: 'M6 4.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zm0 12a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM6 8v8m5-10h8m-8 12h8',
  stop: 'M7 7h10v10H7z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm0-5v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4',
  thumbDown: 'M7 13V4H4v9zm0 0 4 8a2.2 2.2 0 0 0 2.2-2.6L12.6 15H19a1.8 1.8 0 0 0 1.8-2.2l-1.5-7A2.3 2.3 0 0 0 17 4H7',
  thumbUp: 'M7 11v9H4v-9zm0 0 4-8a2.2 2.2 0 0 1 2.2 2.6L12.6 9H19a1.8 1.8 0 0 1 1.8 2.2l-1.5 7A2.3 2.3 0 0 1 17 20H7',
  tool: 'M14.5 6.5a4 4 0 0 1 5-1L17 8l.5 2 2 .5 2.4-2.4a4.5 4.5 0 0 1-6 5.4L9 20.4A2.1 2.1 0 0 1 6 17.4l6.9-6.9a4 4 0 0 1 1.6-4z',
  warning: 'M12 4 2.8 20h18.4zM12 10v4.5m0 2.8v.2',
}

/** An icon beside words, or in a labelled button. Screen readers skip it. */
export function Icon({ name }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
