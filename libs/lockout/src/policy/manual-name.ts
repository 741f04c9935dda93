/** Name and counter of the policy that holds administrators' locks (R15); no other policy may take it. */
export const MANUAL_NAME = 'manual';
