/**
 * The part of zod that checks what a starting command reads, in its small form: the other makes each schema with
 * some fifty methods. The build folds it into this one file: as a package it is a hundred files, which cost a command
 * as much as the start of Node itself.
 */
export type { infer, ZodMiniType } from 'zod/mini';
export {
  _default,
  array,
  boolean,
  enum,
  extend,
  int,
  literal,
  maximum,
  minimum,
  minLength,
  nullable,
  nullish,
  number,
  object,
  optional,
  positive,
  record,
  refine,
  regex,
  string,
  unknown,
} from 'zod/mini';
