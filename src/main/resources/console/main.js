import { h, render } from "preact";
import { App } from "./app.js";
import { comeBack } from "./oidc.js";
import { session } from "./session.js";
import { applyTheme } from "./theme.js";

applyTheme();
await session.open();
if (session.state.value.hasProvider) {
  comeBack();
}
render(h(App), document.getElementById("console"));
