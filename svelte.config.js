/** Svelte 5 with runes only: state is declared, never guessed. */

export default { compilerOptions: { runes: true } }
