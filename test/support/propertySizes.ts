/**
 * Properties are tried up to the sizes that they name. Left alone, fast-check makes a list "of at
 * most 3000" about ten long, and what happens at the bound is never tried.
 */
import { configureGlobal, readConfigureGlobal } from 'fast-check'

configureGlobal({ ...readConfigureGlobal(), defaultSizeToMaxWhenMaxSpecified: true })
