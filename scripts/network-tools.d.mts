export function networkTool(program: string): string
export function whyNoNetworkWorld(): string | null
export function ensureNetworkTools(say?: (text: string) => void): string | null
