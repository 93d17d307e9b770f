/** The colour that a variable such as `--state-connected` has now, for canvases, which know no variables: `rgb(0, 130, 95)`. */
export function resolveColour(variable: `--${string}`): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${variable})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
