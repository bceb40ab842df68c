/**
 * The part of zod that checks what a starting command reads. The build folds it into this one file: as a package it
 * is a hundred files, which cost a command as much as the start of Node itself.
 */
export type { infer, ZodType } from 'zod';
export { array, boolean, enum, literal, number, object, record, string, unknown } from 'zod';
