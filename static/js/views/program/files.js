// @ts-check
/** The program menu: a new program, the one that was opened, one from a file of the reader's, and into one. */

import { must } from "../../dom.js";
import { menu } from "../menu.js";

const MOST = 1 << 20; // bytes of a file that is read at all; the server says what it takes

/** What a new program starts from: one page of a file, read through a mapping. */
export const TEMPLATE = `// My program.
// files: data.bin=64
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	printf("%d\\n", p[0]);
	return 0;
}
`;

/**
 * @param {HTMLElement} root
 * @param {{edit: (text: string, name: string) => void, trouble: (what: string) => void,
 *   program: () => {name: string, text: string, origin: {name: string, text: string} | null}}} tools
 * @param {AbortSignal} signal
 */
export function createFiles(root, { edit, trouble, program }, signal) {
  const input = /** @type {HTMLInputElement} */ (must(root, "[data-testid=program-file]"));
  menu(must(root, "[data-testid=program-menu]"), must(root, ".menu"), signal);

  /** @param {string} name @param {() => void} act */
  const on = (name, act) => must(root, `[data-testid=program-${name}]`).addEventListener("click", act, { signal });
  on("new", () => edit(TEMPLATE, "prog.c"));
  on("reset", () => {
    const { origin } = program();
    if (origin) edit(origin.text, origin.name);
  });
  on("open", () => input.click());
  on("save", () => {
    const { name, text } = program();
    save(name, new Blob([text], { type: "text/x-csrc" }));
  });
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    if (file.size > MOST) return trouble(`${file.name} has ${file.size.toLocaleString("en")} bytes; that is no program to read.`);
    const text = await file.text();
    if (text.includes("\0")) return trouble(`${file.name} is not a text file.`);
    edit(text.replaceAll("\r\n", "\n"), file.name.replace(/[^\w.-]/g, "_").slice(0, 80));
  }, { signal });
}

/** Hand the reader a file. @param {string} name @param {Blob} blob */
export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
