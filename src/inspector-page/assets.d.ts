/** Style sheets are imported for what they do to the page. */
declare module '*.css'

/** Where Vite puts a file that is loaded later. */
declare module '*?url' {
  const url: string
  export default url
}
