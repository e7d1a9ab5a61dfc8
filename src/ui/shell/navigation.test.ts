import { expect, it } from 'vitest'
import { routeTitles } from '../../app/router.ts'
import { destinations } from './navigation.ts'

it('UX-6 every view belongs to one tab, which is marked while it is shown', () => {
  const marked = destinations.flatMap(({ views }) => views)
  const views = Object.keys(routeTitles).filter((view) => view !== 'missing')
  expect(marked.toSorted()).toEqual(views.toSorted())
})
