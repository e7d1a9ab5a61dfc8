/** Routes live in the fragment, so that every link works offline and from any server. */

export type Route =
  | { readonly view: 'now' }
  | { readonly view: 'network' }
  | { readonly view: 'blocks' }
  | { readonly view: 'block'; readonly height: number }
  | { readonly view: 'validators' }
  | { readonly view: 'sensor' }
  | { readonly view: 'challenge' }
  | { readonly view: 'face' }
  /** `link` is a secret: the view takes it out of the address at once (SENS-6). */
  | { readonly view: 'phone'; readonly link: string | undefined }
  | { readonly view: 'join' }
  | { readonly view: 'settings' }
  | { readonly view: 'missing'; readonly path: string }

const plain = [
  'network',
  'blocks',
  'validators',
  'sensor',
  'challenge',
  'face',
  'join',
  'settings',
] as const

export function routeOf(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\/$/, '')
  if (path === '') return { view: 'now' }
  const found = plain.find((view) => view === path)
  if (found !== undefined) return { view: found }
  const phone = /^phone(?:\/([\w-]{1,80}))?$/.exec(path)
  if (phone !== null) return { view: 'phone', link: phone[1] }
  const height = /^blocks\/(\d{1,15})$/.exec(path)?.[1]
  if (height !== undefined) return { view: 'block', height: Number(height) }
  return { view: 'missing', path: path.slice(0, 80) }
}

export const routeTitles: Readonly<Record<Route['view'], string>> = {
  now: 'Now',
  network: 'Network',
  blocks: 'Blocks',
  block: 'Block',
  validators: 'Validators',
  sensor: 'Sensor',
  challenge: 'Breathing',
  face: 'Face',
  phone: 'Send my pulse',
  join: 'Become a validator',
  settings: 'Settings',
  missing: 'Not found',
}
