// @ts-check
/** Heights of the cells and the margin of the pane, in pixels. */

export const PTE_HEIGHT = 18;
export const PAGE_HEIGHT = 32;
export const DISK_HEIGHT = 27;
export const PADDING = 16;
export const TIGHT_PADDING = 10;
