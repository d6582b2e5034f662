import { h } from "preact";
import { useState } from "preact/hooks";
import { api } from "./api.js";
import { Button, Field, Loaded, Notice, useWork } from "./controls.js";
import { session } from "./session.js";
import { useLoaded } from "./store.js";
import { texts } from "./texts.js";

/** The projects that an image is shared with. Their members say whether they want to see it in their lists. */
export function Sharing({ image }) {
  const members = useLoaded(signal => image.visibility === "shared" ? api.members(image.id, signal) : Promise.resolve([]), [image.id, image.visibility]);
  const work = useWork();
  if (image.visibility !== "shared") {
    return null;
  }
  const { kind, project } = session.state.value;
  const isOwner = kind === "none" || !project || project === image.owner;
  const act = action => work.run(action).then(members.reload);
  return h("section", { class: "card" }, h("h2", null, texts.sharing.title),
    h(Loaded, { state: members }, found => found.length === 0 ? h("p", { class: "hint" }, texts.sharing.none)
      : h("ul", { class: "members" }, found.map(member => h(Member, { image, member, act, isOwner, key: member.member_id })))),
    isOwner && h(Invitation, { image, act }),
    work.failure && h(Notice, { onClose: work.forget }, work.failure.message));
}

function Member({ image, member, act, isOwner }) {
  const { kind, project } = session.state.value;
  const isMe = kind === "none" || !project || project === member.member_id;
  const set = status => () => act(() => api.setMember(image.id, member.member_id, status));
  return h("li", null, h("code", null, member.member_id), h("span", { class: `status ${member.status}` }, texts.sharing.statuses[member.status] ?? member.status),
    isMe && member.status !== "accepted" && h(Button, { kind: "small", onClick: set("accepted") }, texts.sharing.accept),
    isMe && member.status !== "rejected" && h(Button, { kind: "small", onClick: set("rejected") }, texts.sharing.reject),
    isOwner && h(Button, { kind: "small", "aria-label": `${texts.remove} ${member.member_id}`, onClick: () => act(() => api.removeMember(image.id, member.member_id)) }, texts.remove));
}

function Invitation({ image, act }) {
  const [project, setProject] = useState("");
  const add = event => {
    event.preventDefault();
    act(() => api.addMember(image.id, project.trim()).then(() => setProject("")));
  };
  return h("form", { class: "inline", onSubmit: add },
    h(Field, { label: texts.sharing.project }, h("input", { type: "text", value: project, required: true, maxLength: 255, onInput: event => setProject(event.currentTarget.value) })),
    h(Button, { type: "submit" }, texts.sharing.add));
}
