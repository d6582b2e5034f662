import { h } from "preact";
import { root } from "./api.js";
import { Copy } from "./controls.js";
import { session } from "./session.js";
import { texts } from "./texts.js";

/** Commands that use an image. They name it by its id only: names of tenants have no place in a shell. */
export function Commands({ image }) {
  const id = /^[0-9a-f-]+$/i.test(image.id) ? image.id : "ID";
  const url = `${root}v2/images/${id}/file`;
  const hasTokens = session.state.value.kind !== "none";
  const token = hasTokens ? ' -H "X-Auth-Token: $(openstack token issue -f value -c id)"' : "";
  const file = `${id}.${/^[a-z0-9]+$/.test(image.disk_format ?? "") ? image.disk_format : "img"}`;
  const commands = [
    [texts.commands.server, `openstack server create --image ${id} --flavor m1.small --network private NAME`],
    [texts.commands.download, `curl -f${token} -o ${file} ${url}`],
    [texts.commands.qemu, hasTokens ? `qemu-img convert -O qcow2 ${file} disk.qcow2` : `qemu-img convert -O qcow2 ${url} disk.qcow2`],
  ];
  return image.status === "active" && h("section", { class: "card" }, h("h2", null, texts.commands.title),
    commands.map(([name, text]) => h("div", { class: "command", key: name },
      h("div", { class: "heading" }, h("span", { class: "label" }, name), h(Copy, { text, label: name })), h("pre", null, h("code", null, text)))));
}
