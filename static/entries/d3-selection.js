export { create, creator, namespace, select, selectAll, selection } from "d3-selection";
