// @ts-check
/**
 * What the console understands: `cat PATH`, `mincore [NAME]`, `trace`, `help`.  A line is read into a command or a mistake.
 */

/** @typedef {{kind: "cat", path: string} | {kind: "mincore", name: string} | {kind: "help"}} Command */

export const TRACE = "/sys/kernel/debug/tracing/trace";

/** The files to choose from; the server knows a few more and says so. @type {[path: string, about: string][]} */
export const FILES = [
  ["/proc/self/maps", "its mappings"],
  ["/proc/self/smaps", "its mappings, and what of each is in memory"],
  ["/proc/self/smaps_rollup", "the sums of smaps"],
  ["/proc/self/pagemap", "which frame holds each page, decoded"],
  ["/proc/self/status", "who it is and how much memory it has"],
  ["/proc/self/stat", "the same and its counts of faults, in one line"],
  ["/proc/self/statm", "its memory in seven figures"],
  ["/proc/self/fd", "its open files"],
  ["/proc/meminfo", "where the machine's memory is"],
  ["/proc/vmstat", "the counters of memory management"],
  ["/sys/block/vda/queue/read_ahead_kb", "the readahead window of the disk"],
  ["/sys/kernel/debug/fault_around_bytes", "how much a read fault maps around the address"],
  [TRACE, "the function graph since the program last ran"],
];

export const HELP = [
  "cat PATH         a file of /proc or /sys as it is at this stage",
  "mincore [NAME]   which pages of each mapping, or of those of NAME, are in memory: 1, 0",
  `trace            the kernel's functions since the program last ran; short for cat ${TRACE}`,
  "help             this",
  "",
  "Tab completes, the up and down arrows bring back what was typed.",
  "What you asked for stays on show while you step; a line that differs from the stage shown before is marked.",
  "",
  ...FILES.map(([path, about]) => `${path.padEnd(38)}${about}`),
];

/** @param {string} line @returns {Command | string} a command, or what is wrong with the line */
export function readCommand(line) {
  const [word, ...rest] = line.trim().split(/\s+/);
  const one = rest.join(" ");
  switch (word) {
    case "cat":
      return rest.length === 1 ? { kind: "cat", path: one } : "cat takes one path, such as cat /proc/self/maps.";
    case "mincore":
      return rest.length < 2 ? { kind: "mincore", name: one } : "mincore takes the name of one file, or nothing.";
    case "trace":
      return rest.length === 0 ? { kind: "cat", path: TRACE } : "trace takes nothing after it.";
    case "help":
      return { kind: "help" };
    default:
      return `There is no command “${word.slice(0, 40)}”; there are cat, mincore, trace and help.`;
  }
}

/** What Tab makes of a line: as far as all that fits agrees. @param {string} line @param {string[]} names files of the run */
export function complete(line, names) {
  const lines = ["help", "trace", "mincore", ...names.map((name) => `mincore ${name}`), ...FILES.map(([path]) => `cat ${path}`)];
  const fit = lines.filter((one) => one.startsWith(line));
  if (fit.length === 0) return line;
  return fit.reduce((a, b) => {
    let n = 0;
    while (n < a.length && a[n] === b[n]) n += 1;
    return a.slice(0, n);
  });
}
