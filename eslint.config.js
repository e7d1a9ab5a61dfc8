/**
 * Lint rules. Type-aware and strict everywhere; in src/core also the bans that keep it
 * deterministic: no clock, no randomness, no network, no floating point, no locale.
 */

import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

const bannedInCore = [
  ...Object.keys({ ...globals.browser, ...globals.worker, ...globals.node }),
  'Date',
  'Intl',
  'parseFloat',
  'WeakRef',
  'FinalizationRegistry',
]

const mathExact = 'abs|min|max|floor|ceil|trunc|sign|imul|clz32'

const coreSyntax = [
  {
    selector: `MemberExpression[object.name='Math']:not([property.name=/^(${mathExact})$/])`,
    message: `Engines may differ. Use integers, or Math.${mathExact.replaceAll('|', ', ')}.`,
  },
  {
    selector: "BinaryExpression[operator='**']:not([right.bigint])",
    message: 'Number powers are floating point. Use bigint (2n ** 64n) or a shift.',
  },
  {
    selector: 'Literal[raw=/^[0-9_]*[.][0-9]|^[0-9][0-9_.]*[eE]-/]:not([bigint])',
    message: 'No fractions in core. Use fixed-point integers with the unit in the name.',
  },
  {
    selector: 'ForInStatement',
    message: 'for…in has no order to rely on. Iterate over a sorted array or a Map.',
  },
  {
    selector: 'MemberExpression[property.name=/^(localeCompare|toLocale.*|normalize)$/]',
    message: 'Depends on the locale data of the engine. Compare bytes or code units.',
  },
  {
    selector: "MemberExpression[object.name='Number'][property.name='parseFloat']",
    message: 'No floating point in core. Parse an integer with BigInt.',
  },
  {
    selector: 'ThrowStatement',
    message: 'Return a Result for what data can cause; assert() what only our mistake can cause.',
  },
  {
    selector: 'AwaitExpression, :function[async=true]',
    message: 'Core is synchronous: a step takes its input and returns its effects.',
  },
]

export default ts.config(
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      'public/',
      'coverage/',
      'circuits/build/',
      'playwright-report/',
      'test-results/',
      '.cache/',
      '.emo/',
      '**/wasm/*.js',
      // Written by `npm run proto`.
      'src/core/codec/{chain,checkpoint,light,restart,sensor,sharing,state}.ts',
    ],
  },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  prettier,
  svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-template': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message:
            'Not secure and not repeatable. Use the Random port; in tests a seeded generator.',
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/core/**/*.ts'],
    ignores: ['**/*.test.ts', 'src/core/base/assert.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...bannedInCore.map((name) => ({
          name,
          message:
            'Core is pure: what it needs comes in as input, what it wants goes out as effect.',
        })),
      ],
      'no-restricted-syntax': ['error', ...coreSyntax],
      // In core a default would hide the case that a later version of the protocol adds.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
    },
  },
  {
    // A run depends on its options alone, and is the same in every engine.
    files: ['sim/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...bannedInCore.map((name) => ({
          name,
          message: 'A simulation has its own clock and its own randomness.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        ...['exp', 'log', 'pow', 'sin', 'cos', 'tan', 'random', 'hypot', 'cbrt'].map(
          (property) => ({
            object: 'Math',
            property,
            message: 'Engines may differ in the last bit. Use base/exactMath.ts.',
          }),
        ),
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    // svelte-check sees the types of components; here they are any.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    // Their purpose is to print.
    files: ['scripts/**', 'bench/**', 'formal/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/*.fixture.ts', 'test/**', 'e2e/**', 'circuits/tests/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
)
