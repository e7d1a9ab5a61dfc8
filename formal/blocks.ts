/**
 * The blocks that leaders may sign in a model: in each view some on every parent there can be, as
 * if every leader were faulty and signed as many headers as it likes.
 */

export interface Block {
  readonly name: string
  /** 0 for a root of the epoch. */
  readonly view: number
  /** Place among the blocks of its view. */
  readonly index: number
  readonly height: number
  readonly parent: Block | undefined
}

export interface BlockTree {
  readonly roots: readonly Block[]
  /** `views[v - 1]` holds the blocks of view v. */
  readonly views: readonly (readonly Block[])[]
}

export interface TreeShape {
  readonly views: number
  /** More than one when an epoch may start from several blocks (a hand-over that is open). */
  readonly roots: number
  /** Blocks of one view on one parent; in view 1, where there is one parent, two at least. */
  readonly twins: number
}

export function treeOf(shape: TreeShape): BlockTree {
  const roots = Array.from({ length: shape.roots }, (_, index): Block => ({
    name: `root${index}`,
    view: 0,
    index,
    height: 0,
    parent: undefined,
  }))
  const views: Block[][] = []
  for (let view = 1; view <= shape.views; view += 1) {
    const parents = [...roots, ...views.flat()]
    const twins = parents.length === 1 ? Math.max(2, shape.twins) : shape.twins
    const pairs = parents.flatMap((parent) =>
      Array.from({ length: twins }, (_, twin) => ({ parent, twin })),
    )
    views.push(
      pairs.map(({ parent, twin }, index) => ({
        name: `${view}${'abcdefghijklmnop'[index] ?? '?'}${twin === 0 ? '' : "'"}<${parent.name}`,
        view,
        index,
        height: parent.height + 1,
        parent,
      })),
    )
  }
  return { roots, views }
}

/** Whether `above` is `below` or descends from it. */
export function extendsBlock(above: Block, below: Block): boolean {
  return ancestorAt(above, below.height) === below
}

/** The block itself or its ancestor at this height; undefined above it. */
export function ancestorAt(block: Block, height: number): Block | undefined {
  let at: Block | undefined = block
  while (at !== undefined && at.height > height) at = at.parent
  return at?.height === height ? at : undefined
}
