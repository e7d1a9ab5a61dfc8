/** Where one can go, in the order of the tabs. */

import type { Route } from '../../app/router.ts'
import type { IconName } from '../parts/icons.ts'

export interface Destination {
  readonly href: string
  readonly name: string
  readonly icon: IconName
  readonly views: readonly Route['view'][]
}

export const destinations: readonly Destination[] = [
  {
    href: '#/',
    name: 'Now',
    icon: 'now',
    views: ['now', 'sensor', 'challenge', 'face', 'phone', 'join'],
  },
  { href: '#/network', name: 'Network', icon: 'network', views: ['network'] },
  { href: '#/blocks', name: 'Blocks', icon: 'blocks', views: ['blocks', 'block'] },
  { href: '#/validators', name: 'Validators', icon: 'validators', views: ['validators'] },
  { href: '#/settings', name: 'Settings', icon: 'settings', views: ['settings'] },
]
