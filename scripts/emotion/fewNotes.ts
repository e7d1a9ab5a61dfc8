/** The first notes of many, and how many more there are. */

const notesMax = 20

export function fewNotes(notes: readonly string[]): readonly string[] {
  const more = notes.length - notesMax
  return more > 0 ? [...notes.slice(0, notesMax), `and ${more} more gaps.`] : notes
}
