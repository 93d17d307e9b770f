// Two pages of the inspector whose address is in the query, beside each other. A tab in the background would not be drawn.
const inspector = new URL(location.href).searchParams.get('inspector') ?? ''
document.body.style.margin = '0'
for (const side of ['left', 'right']) {
  const frame = document.createElement('iframe')
  frame.title = side
  frame.src = inspector
  Object.assign(frame.style, { width: '50vw', height: '98vh', border: '0' })
  document.body.append(frame)
}
