/** Who is compared where two processes exchange packets. */
export const PAIRS = ['raw', 'ours', 'polyfill', 'simple-peer', 'werift', 'geckos', 'ws']
