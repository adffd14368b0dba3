import "./page.css";
import { render } from "preact";
import { vscodeTransport } from "../data/vscode-transport.ts";
import { App } from "./app.tsx";
import { escapeWhatIsDrawn } from "./escaped.ts";

escapeWhatIsDrawn();
const place = document.getElementById("page");
if (place !== null) render(<App transport={vscodeTransport()} />, place);
