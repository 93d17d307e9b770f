/** Who is compared where two processes exchange packets. */
export const PAIRS = ['raw', 'ours', 'polyfill', 'wrtc', 'simple-peer', 'werift', 'geckos', 'ws']
