/** Line icons, 24 × 24, drawn for this page: one path each. */

export type IconName =
  | 'now'
  | 'network'
  | 'blocks'
  | 'validators'
  | 'settings'
  | 'check'
  | 'alert'
  | 'wait'
  | 'arrow'
  | 'cross'
  | 'strap'
  | 'camera'
  | 'key'

export const iconPaths: Readonly<Record<IconName, string>> = {
  now: 'M3 12h4l2.5-7 5 14 2.5-7h4',
  network:
    'M6 5.5a2.5 2.5 0 1 0 0 .01M18 5.5a2.5 2.5 0 1 0 0 .01M12 18.5a2.5 2.5 0 1 0 0 ' +
    '.01M8.5 5.5h7M7.3 7.6l3.6 8.6M16.7 7.6l-3.6 8.6',
  blocks: 'M12 3l7.5 4.2v9.2L12 21l-7.5-4.6V7.2zM4.7 7.3L12 11.6l7.3-4.3M12 11.6V21',
  validators:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.6-3.6 3.2-5.5 6.5-5.5s5.9 ' +
    '1.9 6.5 5.5M16 4.8a3.4 3.4 0 0 1 0 6.4M18.4 14.4c1.7.9 2.8 2.6 3.1 5.1',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4',
  check: 'M5 12.5l4.6 4.6L19 7.5',
  alert: 'M12 7v6M12 16.8v.2M12 3l9.5 17h-19z',
  wait: 'M12 7v5.2l3.4 2M12 3a9 9 0 1 0 .01 0',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  cross: 'M6 6l12 12M18 6L6 18',
  strap:
    'M2.5 9.5c3 1.2 5.5 1.6 9.5 1.6s6.5-.4 9.5-1.6M2.5 14.5c3 1.2 5.5 1.6 9.5 ' +
    '1.6s6.5-.4 9.5-1.6M9 10.5h6v6.5H9z',
  camera: 'M3 8h4l1.6-2.5h6.8L17 8h4v11H3zM12 16.5a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8z',
  key: 'M8 15.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 11.5h9.5M18 11.5v4M21 11.5v2.5',
}
