// @ts-check
/** Where the program is, in a few words: "stopped in line 8, i = 0". */

const SHOWN = 3;

/** @param {import("../../select.js").State} state */
export function whereabouts({ run, rows, user, stage, ui, trouble, checked }) {
  if (ui.compiling && !run) return "";
  const problems = (trouble ?? checked)?.errors?.length ?? 0;
  if (problems) return problems === 1 ? "1 mistake" : `${problems} mistakes`;
  const program = rows.program;
  if (!run || !program) return "";
  if (program.exit) return `ended: ${program.exit}`;
  if (!user.line) return "not started";
  // The variable declared last is the innermost, and the one that moves.
  const vars = Object.entries(user.vars)
    .reverse()
    .slice(0, SHOWN)
    .map(([name, value]) => `${name} = ${value}`);
  return [`${verb(stage, rows)} line ${user.line}`, ...vars].join(", ");
}

/** @param {any} stage @param {any} rows */
function verb(stage, rows) {
  const task = rows[`task/${stage?.task}`] ?? rows["task/1"];
  if (task?.state === "sleeping" || stage?.kind === "wait") return "waiting in";
  return stage?.ctx === "user" ? "in" : "stopped in";
}
