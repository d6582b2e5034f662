import { h, render } from "preact";
import { App } from "./app.js";
import { session } from "./session.js";
import { applyTheme } from "./theme.js";

applyTheme();
await session.open();
render(h(App), document.getElementById("console"));
