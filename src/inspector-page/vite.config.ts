import licensePlugin, { type Dependency } from 'rollup-plugin-license'
import { defineConfig, type PluginOption } from 'vite'

// Its types tell of a member `default` that the module does not have.
const license = licensePlugin as unknown as typeof licensePlugin.default

export default defineConfig({
  root: import.meta.dirname,
  // Wherever it is served.
  base: './',
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: '../../dist/inspector-page',
    emptyOutDir: true,
    // The server's Content-Security-Policy allows the page nothing but files of its own: no `data:` URLs.
    assetsInlineLimit: 0,
    // elkjs is one file of 1.6 MB; it is loaded when the first statechart is drawn.
    chunkSizeWarningLimit: 1_700,
  },
  plugins: thirdPartyLicenses(),
})

/** What the licences of the libraries in the page ask for: their texts beside it. */
function thirdPartyLicenses(): PluginOption[] {
  let dependencies: readonly Dependency[] = []
  const collect = license({
    thirdParty: {
      output: (found) => {
        dependencies = found
      },
    },
  })
  return [
    collect,
    {
      name: 'third-party-licenses',
      generateBundle() {
        const source = dependencies.map((dependency) => dependency.text()).join('\n\n---\n\n')
        this.emitFile({ type: 'asset', fileName: 'third-party-licenses.txt', source })
      },
    },
  ]
}
