/** Hands bytes to the browser's own download. */
export function saveFile(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)]))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download reads it after this turn.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}
