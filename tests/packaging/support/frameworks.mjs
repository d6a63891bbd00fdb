/**
 * Frameworks that the package has a recipe for, as `projects.mjs` has projects: the recipe in a page, which the framework's own tool
 * builds.
 */

const VITE = { html: 'type="module" src="/src/main.js"', build: ['vite', 'build'], page: '', served: 'dist' }
const ANGULAR = { build: ['ng', 'build'], page: '', served: 'dist' }

/** The files of a project are those of a folder, below `src` unless they are the tools' own. */
const files = (folder, names, own) =>
  Object.fromEntries([...names.map((name) => [`src/${name}`, `${folder}/${name}`]), ...own.map((name) => [name, `${folder}/${name}`])])

const ANGULAR_FILES = files('angular', ['main.ts', 'app.ts', 'chat.ts', 'flowise.ts', 'index.html'], ['angular.json', 'tsconfig.json'])

export const FRAMEWORKS = {
  'Vue 3': { ...VITE, files: files('vue', ['main.js', 'App.vue', 'Chat.vue', 'flowise.js'], ['vite.config.js']), manifest: { type: 'module' } },
  'Svelte 5': {
    ...VITE,
    files: files('svelte', ['main.js', 'App.svelte', 'Chat.svelte', 'flowise.js'], ['vite.config.js']),
    manifest: { type: 'module' },
  },
  Solid: {
    ...VITE,
    files: files('solid', ['main.jsx', 'chat.jsx', 'flowise.js'], ['vite.config.js']),
    html: 'type="module" src="/src/main.jsx"',
    manifest: { type: 'module' },
  },
  'Angular without zones': { ...ANGULAR, files: ANGULAR_FILES },
  'Angular with zone.js': {
    ...ANGULAR,
    files: {
      ...ANGULAR_FILES,
      'angular.json': 'angular/angular-with-zone.json',
      'src/main.ts': 'angular/main-with-zone.ts',
      'src/chat.ts': 'angular/chat-with-zone.ts',
    },
  },
}
