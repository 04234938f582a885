// @ts-check
/** Pages without a run: the theme, the search of the catalogue, and what one can do with one's own data. */

import { startingUi } from "./preferences.js";
import { filter } from "./plain/filter.js";
import { myData } from "./plain/mydata.js";
import { theme } from "./plain/theme.js";

theme(startingUi(new URLSearchParams(location.search)).theme);
filter();
myData();
if (document.querySelector("[data-part=reference]")) import("./plain/reference.js").then(({ reference }) => reference());
