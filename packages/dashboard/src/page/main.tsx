import "./ui/page.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { vscodeTransport } from "./data/vscode-transport.ts";
import { escapeWhatIsDrawn } from "./ui/escaped.ts";

escapeWhatIsDrawn();
const place = document.getElementById("page");
if (place !== null) render(<App transport={vscodeTransport()} />, place);
