import { inPages } from '../pages/in-pages.mjs'
import * as setUp from './set-up.mjs'

export const title = 'Set-up of a pair, a page of Chromium and a process of Node'
export const note =
  'The page offers. Plain is RTCPeerConnection with raw node-datachannel. Milliseconds until both ends are open; p95 of all rounds.'
export const contestants = ['plain', 'ours']
export const baseline = 'plain'
export const cells = (settings) =>
  setUp.cells(settings).map((cell) => ({ ...cell, name: 'page to Node', measure: 'setUp' }))
export const columns = setUp.columns
export const limit = setUp.limit

export const open = inPages({ to: 'node' })
