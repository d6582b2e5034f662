import { h } from "preact";
import { useState } from "preact/hooks";
import { Button, Field, Loading, Notice, Select, useWork } from "./controls.js";
import { byCredential, byPassword, projectsOf } from "./keystone.js";
import { begin } from "./oidc.js";
import { session } from "./session.js";
import { texts } from "./texts.js";

const words = texts.signIn.provider;

export function SignInPage({ who }) {
  if (who.isArriving) {
    return h(Loading);
  }
  if (who.kind === "unknown") {
    return h("section", { class: "sign-in card" }, h(Notice, null, texts.failures[0]), h(Button, { onClick: () => session.open() }, texts.retry));
  }
  return h("section", { class: "sign-in card", "aria-labelledby": "title" }, h("h1", { id: "title" }, texts.signIn.title),
    who.hasExpired && h(Notice, { kind: "note" }, who.hasProvider ? words.expired : texts.signIn.expired),
    who.kind === "keystone" ? h(Keystone) : who.hasProvider ? h(Provider, { failure: who.failure }) : h(Bearer));
}

/** The provider asks who the user is; a token from elsewhere will do as well. */
function Provider({ failure }) {
  const work = useWork();
  const reason = work.failure?.message ?? failure;
  return h("div", null, reason && h(Notice, null, reason), h("p", { class: "hint" }, words.hint),
    h("div", { class: "actions" }, h(Button, { kind: "primary", disabled: work.isBusy, onClick: () => work.run(begin) }, texts.signIn.enter)),
    h("details", null, h("summary", null, words.bearer), h(Bearer)));
}

function Keystone() {
  const [way, setWay] = useState("password");
  return h("div", null,
    h(Field, { label: texts.signIn.way }, h(Select, { value: way, onChange: setWay, options: Object.entries(texts.signIn.ways) })),
    way === "password" ? h(Password) : h(Credential));
}

function useForm(initial) {
  const [form, setForm] = useState(initial);
  const input = (key, more) => h(Field, { label: texts.signIn[key] },
    h("input", { type: "text", required: true, value: form[key], autocapitalize: "off", spellcheck: false, onInput: event => setForm({ ...form, [key]: event.currentTarget.value }), ...more }));
  return { form, input };
}

function Password() {
  const { form, input } = useForm({ user: "", domain: "Default", password: "" });
  const [projects, setProjects] = useState(null);
  const [project, setProject] = useState("");
  const work = useWork();
  const enter = id => byPassword(form, id).then(grant => session.enter(grant, () => byPassword(form, id)));
  const submit = event => {
    event.preventDefault();
    work.run(async () => {
      if (projects) {
        await enter(project);
        return;
      }
      const found = await projectsOf(form);
      if (found.length === 0) {
        throw new Error(texts.signIn.noProject);
      } else if (found.length === 1) {
        await enter(found[0].id);
      } else {
        setProjects(found);
        setProject(found[0].id);
      }
    });
  };
  return h("form", { onSubmit: submit },
    !projects && [input("user", { autocomplete: "username" }), input("domain"), input("password", { type: "password", autocomplete: "current-password" })],
    projects && h(Field, { label: texts.signIn.project }, h(Select, { value: project, onChange: setProject, options: projects.map(each => [each.id, each.name]) })),
    h(Submit, { work }));
}

function Credential() {
  const { form, input } = useForm({ id: "", secret: "" });
  const work = useWork();
  const submit = event => {
    event.preventDefault();
    work.run(() => byCredential(form).then(grant => session.enter(grant, () => byCredential(form))));
  };
  return h("form", { onSubmit: submit }, input("id"), input("secret", { type: "password", autocomplete: "off" }), h(Submit, { work }));
}

/** Where tokens come from elsewhere, such as those of OpenID Connect. */
function Bearer() {
  const { form, input } = useForm({ token: "" });
  const submit = event => {
    event.preventDefault();
    session.enterBearer(form.token.trim());
  };
  return h("form", { onSubmit: submit }, input("token", { type: "password", autocomplete: "off" }), h("p", { class: "hint" }, texts.signIn.tokenHint),
    h("div", { class: "actions" }, h(Button, { type: "submit", kind: "primary" }, texts.signIn.enter)));
}

function Submit({ work }) {
  return h("div", null, work.failure && h(Notice, null, work.failure.message),
    h("div", { class: "actions" }, h(Button, { type: "submit", kind: "primary", disabled: work.isBusy }, texts.signIn.enter)));
}
