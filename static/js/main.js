// @ts-check
/** The page starts here: read what the server put into it, make the views, and draw whenever the state changes. */

import { createApp } from "./app.js";
import { announce } from "./announce.js";
import { check } from "./controls/check.js";
import { keyboard } from "./controls/keyboard.js";
import { judging } from "./learn.js";
import { mirror } from "./mirror.js";
import { opening } from "./opening.js";
import { play } from "./controls/play.js";
import { remember, startingUi, startingWish } from "./preferences.js";
import { sources } from "./sources.js";
import { remember as rememberStops } from "./stops/shelf.js";
import { must } from "./dom.js";
import * as changes from "./views/changes.js";
import * as charts from "./views/charts.js";
import * as consolePane from "./views/console.js";
import * as faults from "./views/faults.js";
import * as fork from "./views/fork.js";
import * as gone from "./views/gone.js";
import * as help from "./views/help.js";
import * as light from "./views/light.js";
import * as lesson from "./views/lesson.js";
import * as machine from "./views/machine.js";
import * as now from "./views/now.js";
import * as program from "./views/program.js";
import * as programs from "./views/programs.js";
import * as record from "./views/record.js";
import * as search from "./views/search.js";
import * as settings from "./views/settings.js";
import * as exports from "./views/export.js";
import * as share from "./views/share.js";
import * as source from "./views/source.js";
import * as stack from "./views/stack.js";
import * as stops from "./views/stops.js";
import * as tabs from "./views/tabs.js";
import * as time from "./views/time.js";
import * as topbar from "./views/topbar.js";
import * as trail from "./views/trail.js";

/** Every view and the part of the page that is its own. @type {[string, {create: Function}][]} */
const VIEWS = [
  ["body", topbar],
  ["[data-pane=lesson]", lesson],
  ["[data-pane=programs]", programs],
  ["[data-pane=programs]", record],
  ["[data-pane=program]", program],
  ["[data-pane=machine]", machine],
  ["[data-part=stack]", stack],
  ["[data-pane=kernel]", source],
  ["[data-part=changes]", changes],
  ["[data-part=trail]", trail],
  ["[data-part=faults]", faults],
  ["#console", consolePane],
  ["[data-pane=time]", time],
  [".shell", now],
  ["[data-part=tabs]", tabs],
  ["#settings", settings],
  ["#share", share],
  ["#compare", fork],
  ["[data-part=topbar]", exports],
  ["#search", search],
  ["#stops", stops],
  ["#charts", charts],
  ["#help", help],
  ["#gone", gone],
  ["body", light], // last: it marks what the others have drawn
];

const boot = JSON.parse(must(document, "#boot").textContent);
const query = new URLSearchParams(location.search);
const { signal } = new AbortController();
// Where there is room for one pane only, a lesson begins with its text.
const ui = { ...startingUi(query), tab: boot.lesson ? "guide" : "machine" };
// Whoever comes back to a lesson comes back to the step that they left.
const left = boot.lesson?.stage > 0 ? { type: "goto", n: boot.lesson.stage } : null;
const app = createApp(boot, ui, startingWish(query) ?? left, signal);
const { dispatch } = app;

const renders = VIEWS.flatMap(([selector, view]) => {
  const root = document.querySelector(selector);
  return root ? [view.create(root, { dispatch, signal })] : [];
});

app.subscribe((state) => {
  for (const render of renders) render(state);
});
app.subscribe(mirror(document.documentElement));
app.subscribe(announce(must(document, "#live"), must(document, "#alert"), signal));
app.subscribe(remember());
app.subscribe(rememberStops());
app.subscribe(play({ dispatch, signal }));
app.subscribe(check({ dispatch, signal }));
app.subscribe(judging(dispatch));
app.subscribe(sources(dispatch));
app.subscribe(keyboard({ dispatch, flush: app.flush, signal }));

fetch("/model.json")
  .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`model.json: ${response.status}`))))
  .then((catalogue) => dispatch({ type: "catalogue", catalogue }))
  .catch((error) =>
    dispatch({
      type: "trouble",
      error: { what: `The kernel's sources did not arrive (${error.message}).`, errors: [] },
    }),
  );

dispatch({ type: "ui", ui: {} });
opening(boot, dispatch, signal);
