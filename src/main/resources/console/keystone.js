// Signs in to Keystone, through the server that this page comes from: it passes these two requests on.
import { Refusal } from "./api.js";
import { texts } from "./texts.js";

async function pass(method, path, { json, token } = {}) {
  let answer;
  try {
    answer = await fetch(`identity/v3/auth/${path}`, {
      method, cache: "no-store", body: json && JSON.stringify(json),
      headers: { Accept: "application/json", ...(json && { "Content-Type": "application/json" }), ...(token && { "X-Auth-Token": token }) },
    });
  } catch {
    throw new Refusal(0, texts.failures[0]);
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Refusal(answer.status, answer.status === 401 ? texts.signIn.refused : body.error?.message || body.message || texts.failures.other(answer.status));
  }
  return { body, token: answer.headers.get("X-Subject-Token") };
}

async function issue(auth) {
  const { body, token } = await pass("POST", "tokens", { json: { auth } });
  const { user, project, expires_at: expiresAt } = body.token;
  return { token, expiresAt, user: user.name, project: project?.id, projectName: project?.name ?? "" };
}

const password = ({ user, domain, password: secret }) => ({ methods: ["password"], password: { user: { name: user, domain: { name: domain }, password: secret } } });

/** The projects that a user may work in. */
export async function projectsOf(form) {
  const { token } = await pass("POST", "tokens", { json: { auth: { identity: password(form), scope: "unscoped" } } });
  return (await pass("GET", "projects", { token })).body.projects.filter(project => project.enabled);
}

/** A token of a user for a project. */
export const byPassword = (form, project) => issue({ identity: password(form), scope: { project: { id: project } } });

/** A token by an application credential, which is for one project. */
export const byCredential = ({ id, secret }) => issue({ identity: { methods: ["application_credential"], application_credential: { id, secret } } });
