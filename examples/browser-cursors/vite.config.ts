import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  // Wherever it is served.
  base: './',
  oxc: { jsx: { runtime: 'automatic' } },
  // What the packages here import; Vite would otherwise find some of it late, and reload the page for it.
  optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime', 'rxjs', 'xstate'] },
  // The bot runs in Node itself, native library and all, not in Vite's module runner.
  ssr: { external: ['webrtc-multiplayer'] },
})
