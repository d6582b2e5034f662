import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Notice, Select } from "./controls.js";
import { ImagePage } from "./image.js";
import { ImagesPage } from "./images.js";
import { OperatorPage } from "./operator.js";
import { address, go, route } from "./route.js";
import { session } from "./session.js";
import { SignInPage } from "./sign-in.js";
import { useStore } from "./store.js";
import { texts } from "./texts.js";
import { chooseTheme, theme, themes } from "./theme.js";
import { UploadPage } from "./upload.js";
import { addFiles, uploads } from "./uploads.js";

export function App() {
  const who = useStore(session.state);
  return h("div", { class: "app" },
    h("a", { class: "skip", href: "#main", onClick: skip }, texts.skip),
    h(Header, { who }),
    h("main", { id: "main", tabIndex: -1 }, who.isOpen ? h(Page) : h(SignInPage, { who })),
    who.isOpen && h(DropTarget));
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

function Page() {
  const { page, id, query } = useStore(route);
  useEffect(() => {
    document.title = `${texts.pages[page] ?? texts.pages.images} · Vitrine`;
    scrollTo(0, 0);
  }, [page, id]);
  if (page === "upload") {
    return h(UploadPage);
  }
  if (page === "images") {
    return id ? h(ImagePage, { id, key: id }) : h(ImagesPage, { query });
  }
  if (page === "service") {
    return h(OperatorPage);
  }
  return h(Notice, null, texts.noPage);
}

function Header({ who }) {
  const { page } = useStore(route);
  const working = useStore(uploads).filter(each => ["waiting", "sending", "importing"].includes(each.phase)).length;
  const link = (name, text) => h("a", { href: address(name), "aria-current": page === name ? "page" : undefined }, text);
  return h("header", { class: "top" },
    h("a", { class: "brand", href: address("images") }, "Vitrine"),
    who.isOpen && h("nav", { "aria-label": texts.navigation }, link("images", texts.pages.images),
      link("upload", working ? `${texts.pages.upload} (${working})` : texts.pages.upload), link("service", texts.pages.service)),
    h("div", { class: "who" }, h(ThemeChoice),
      who.isOpen && who.user && h("span", { class: "user", title: who.projectName }, [who.user, who.projectName].filter(Boolean).join(" · ")),
      who.isOpen && who.kind !== "none" && h(Button, { kind: "small", onClick: signOut }, texts.signOut)));
}

/** A new page knows nothing of the user before. */
function signOut() {
  const elsewhere = session.farewell();
  if (elsewhere) {
    location.assign(elsewhere);
    return;
  }
  history.replaceState(null, "", location.pathname);
  location.reload();
}

function ThemeChoice() {
  const [chosen, setChosen] = useState(theme());
  return h(Select, { "aria-label": texts.theme, value: chosen, options: themes.map(name => [name, texts.themes[name]]), class: "small",
    onChange: name => {
      chooseTheme(name);
      setChosen(name);
    } });
}

const hasFiles = event => [...(event.dataTransfer?.types ?? [])].includes("Files");

/** Takes files that are dropped anywhere on the page. */
function DropTarget() {
  const [isOver, setOver] = useState(false);
  const depth = useRef(0);
  useEffect(() => {
    const enter = event => hasFiles(event) && setOver(++depth.current > 0);
    const leave = event => hasFiles(event) && setOver(--depth.current > 0);
    const over = event => hasFiles(event) && event.preventDefault();
    const drop = event => {
      if (hasFiles(event)) {
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        addFiles([...event.dataTransfer.files]);
        go("upload");
      }
    };
    const handlers = { dragenter: enter, dragleave: leave, dragover: over, drop };
    Object.entries(handlers).forEach(([name, handler]) => addEventListener(name, handler));
    return () => Object.entries(handlers).forEach(([name, handler]) => removeEventListener(name, handler));
  }, []);
  return isOver && h("div", { class: "drop-overlay", "aria-hidden": "true" }, texts.upload.dropHere);
}
