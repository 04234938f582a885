// @ts-check
/** How long a stage lasts while playing at speed 1, in ms: the length of what moves in it, and a moment to see it. */

/** @type {Record<string, number>} */
const KINDS = {
  boot: 600,
  exec: 400,
  "user-load": 300,
  "user-store": 300,
  "user-call": 400,
  "user-print": 300,
  exit: 400,
  tlb: 280,
  walk: 600,
  abort: 350,
  "va-split": 400,
  map_pages: 500,
  lookup: 350,
  "ra-window": 600,
  "add-to-cache": 32,
  "submit-bio": 500,
  wait: 500,
  "io-done": 800,
  wake: 250,
  retry: 250,
  "set-pte": 300,
  "clear-pte": 300,
  "tlb-flush": 300,
  vma: 400,
  signal: 500,
  copy: 450,
  dirty: 300,
  writeback: 300,
  allocate: 300,
  isolate: 400,
  deactivate: 300,
  reclaim: 300,
  refault: 350,
  slab: 400,
  shrink: 300,
  memcg: 400,
  throttle: 500,
  oom: 700,
  task: 450,
  "switch-mm": 350,
  "syscall-return": 300,
  note: 250,
};

const CALL = 90;
const RETURN = 70;
const RUN_OF_EQUALS = 1000;
export const CALM_BEAT = 900;
/** Under this nothing travels: states swap. */
export const SHORTEST_MOTION = 120;

/** @param {any} stage */
const own = (stage) => (stage.op === "call" ? CALL : stage.op === "return" ? RETURN : (KINDS[stage.kind] ?? 250));

/** @param {any} a @param {any} b */
const alike = (a, b) => a && b && a.op === b.op && a.fn === b.fn && a.kind === b.kind;

/**
 * The beat of stage n.  Stages that repeat one of the dozen before or after them share a beat of a second at most.
 * @param {any[]} stages @param {number} n
 */
export function beat(stages, n) {
  const stage = stages[n];
  let equals = 1;
  for (let i = n - 1, misses = 0; i >= 0 && misses < 12 && equals < 64; i -= 1) {
    if (alike(stages[i], stage)) [equals, misses] = [equals + 1, 0];
    else misses += 1;
  }
  for (let i = n + 1, misses = 0; i < stages.length && misses < 12 && equals < 128; i += 1) {
    if (alike(stages[i], stage)) [equals, misses] = [equals + 1, 0];
    else misses += 1;
  }
  return equals > 3 ? Math.min(own(stage), RUN_OF_EQUALS / equals) : own(stage);
}
