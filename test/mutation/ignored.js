/** Mutants that no test has to find, each kind with its reason. */

/**
 * `assert(condition, 'words')` names a mistake of ours. It holds in every run, so that a weaker one
 * changes no run, and one that never holds fails every test that comes by: neither says anything.
 */
const assertions = {
  shouldIgnore({ node }) {
    const isAssertion = node.type === 'CallExpression' && node.callee.name === 'assert'
    return isAssertion ? 'An assertion holds in every run: a weaker one changes none.' : undefined
  },
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'assertions', value: assertions }]
