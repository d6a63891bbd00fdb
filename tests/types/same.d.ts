// Types that must be equal: `any` is equal to nothing else.

/** Takes a value of exactly this type. */
export declare function exactly<Expected>(): <Actual>(value: Actual, ...same: Same<Expected, Actual>) => void

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]
