import type { LaunchOptions } from 'puppeteer-core'

export type BrowserName = 'chromium' | 'firefox'
export const BROWSER_NAMES: readonly BrowserName[]
export function findBrowser(name: BrowserName): string | null
export function launchOptions(name: BrowserName): LaunchOptions
export function installCommand(name: BrowserName): string
export function ensureBrowsers(say?: (text: string) => void): BrowserName[]
