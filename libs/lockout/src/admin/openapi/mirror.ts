import type { z } from 'zod';

type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

/** Whether two types are one, read-only or not. */
type IsSame<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false;

/**
 * A schema that says what `View` says, no more and no less, or it does not compile. Answers are typed by the interfaces
 * and never pass through a schema; these are for the document only, and this keeps them true.
 */
export const mirrorOf =
  <View>() =>
  <Schema extends z.ZodType>(schema: IsSame<z.infer<Schema>, View> extends true ? Schema : never): Schema =>
    schema;
