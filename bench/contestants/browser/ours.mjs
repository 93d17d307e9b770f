/** This package in a page: the same adapter as in Node. The bundler takes the browser's entry of the built package, as a user's does. */
export * from '../ours.mjs'
