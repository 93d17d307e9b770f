/** The version of this package, as in package.json; a page cannot read that. */
export const PACKAGE_VERSION = '0.1.0'
/** The version of `@statelyai/inspect` whose messages ours contain. */
export const STATELY_VERSION = '0.7.2'
