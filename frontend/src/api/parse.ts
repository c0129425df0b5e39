/** A seed is a 64-bit number, more than a JavaScript number holds: it is kept as its digits. */
const SEED = /(?<!\\)"seed"\s*:\s*(-?\d+)/g;

/** JSON as the service writes it, seeds as strings of digits. */
// The type is what the interface promises: as with response.json(), nothing checks it.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function parseJson<T>(text: string): T {
  return JSON.parse(text.replace(SEED, '"seed":"$1"')) as T;
}
