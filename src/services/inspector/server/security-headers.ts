/**
 * What the page may do: load what this server has, and talk to this server alone. It may be shown in a frame of a page on this machine, as the inspector of `@statelyai/inspect` does
 * with its page.
 *
 * @param host - the header `Host` of the request, which was checked.
 */
export function securityHeaders(host: string): Readonly<Record<string, string>> {
  const policy = {
    'default-src': "'self'",
    // By name as well: Safari before 15.4 did not take 'self' for WebSockets.
    'connect-src': `'self' ws://${host} wss://${host}`,
    // Small images are in the style sheet.
    'img-src': "'self' data:",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'self' http://localhost:* http://127.0.0.1:*",
  }
  return {
    'content-security-policy': Object.entries(policy)
      .map((directive) => directive.join(' '))
      .join('; '),
    'cross-origin-resource-policy': 'same-origin',
    // The address may have the token in it.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}
