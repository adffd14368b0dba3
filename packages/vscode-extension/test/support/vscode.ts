/**
 * The part of VS Code's API that the extension uses, without a window: it keeps what it is given,
 * and counts what is not disposed of. Tests in a real extension host are elsewhere.
 */

interface PanelSerializer {
  deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void>;
}
type Listener = (...given: unknown[]) => unknown;

/** What was made and not disposed of yet, by kind. */
export const alive: Map<string, number> = new Map();
/** Every status bar item, newest last. */
export const items: StatusBarItem[] = [];
/** Every webview panel, newest last. */
export const panels: WebviewPanel[] = [];
/** Every way to bring a panel back, newest last. */
export const serializers: PanelSerializer[] = [];
export const registered: Map<string, Listener> = new Map();
export const executed: (readonly unknown[])[] = [];
export const configured: Map<string, unknown> = new Map();
export const clipboardTexts: string[] = [];
export const logged: string[] = [];

const configurationListeners: Set<Listener> = new Set();

function made(kind: string, undo: () => void = () => undefined): { dispose(): void } {
  alive.set(kind, (alive.get(kind) ?? 0) + 1);
  let open = true;
  return {
    dispose: () => {
      if (!open) return;
      open = false;
      alive.set(kind, (alive.get(kind) ?? 0) - 1);
      undo();
    },
  };
}

/** Changes settings, and reports that to the extension. */
export function changeSettings(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) configured.set(name, value);
  for (const listener of configurationListeners) listener({ affectsConfiguration: () => true });
}

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class MarkdownString {
  readonly value: string;
  isTrusted: unknown;
  supportHtml = false;
  supportThemeIcons: boolean;
  constructor(value: string, supportThemeIcons = false) {
    this.value = value;
    this.supportThemeIcons = supportThemeIcons;
  }
}

export class Uri {
  readonly scheme: string;
  readonly path: string;
  private constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.path = path;
  }
  get fsPath(): string {
    return this.path;
  }
  static file(path: string): Uri {
    return new Uri("file", path);
  }
  static from({ scheme, path }: { scheme: string; path: string }): Uri {
    return new Uri(scheme, path);
  }
  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri(base.scheme, [base.path, ...parts].join("/"));
  }
  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

export class StatusBarItem {
  readonly id: string;
  text = "";
  name = "";
  tooltip: MarkdownString | undefined;
  command: string | undefined;
  backgroundColor: ThemeColor | undefined;
  accessibilityInformation: unknown;
  private readonly life: { dispose(): void };
  constructor(id: string) {
    this.id = id;
    this.life = made("item");
  }
  show(): void {
    items.push(this);
  }
  dispose(): void {
    this.life.dispose();
  }
}

export class WebviewPanel {
  visible = true;
  iconPath: unknown;
  readonly posted: unknown[] = [];
  readonly receivers: Set<Listener> = new Set();
  readonly webview: {
    options: unknown;
    html: string;
    cspSource: string;
    asWebviewUri: (uri: Uri) => Uri;
    onDidReceiveMessage: (listener: Listener) => void;
    postMessage: (message: unknown) => Promise<boolean>;
  };
  private readonly closeListeners: Set<Listener> = new Set();
  private readonly stateListeners: Set<Listener> = new Set();
  private readonly life: { dispose(): void };
  constructor() {
    this.life = made("panel");
    this.webview = {
      options: {},
      html: "",
      cspSource: "'self' https://*.vscode-cdn.net",
      asWebviewUri: (uri) => uri,
      onDidReceiveMessage: (listener) => {
        this.receivers.add(listener);
      },
      postMessage: (message) => {
        this.posted.push(message);
        return Promise.resolve(true);
      },
    };
  }
  /** As if the page had posted it. */
  receive(message: unknown): void {
    for (const receiver of this.receivers) receiver(message);
  }
  setVisible(visible: boolean): void {
    this.visible = visible;
    for (const listener of this.stateListeners) listener();
  }
  reveal(): void {
    this.setVisible(true);
  }
  onDidDispose(listener: Listener): void {
    this.closeListeners.add(listener);
  }
  onDidChangeViewState(listener: Listener): void {
    this.stateListeners.add(listener);
  }
  dispose(): void {
    this.life.dispose();
    for (const listener of this.closeListeners) listener();
  }
}

export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ViewColumn = { Active: -1 };
export const ProgressLocation = { Notification: 15 };
export const ConfigurationTarget = { Global: 1 };
export const UIKind = { Desktop: 1, Web: 2 };

export const window = {
  createStatusBarItem: (id: string) => new StatusBarItem(id),
  createOutputChannel: () => {
    const write = (text: string) => void logged.push(text);
    return { ...made("log"), show: () => undefined, info: write, warn: write, error: write };
  },
  createWebviewPanel: () => {
    const panel = new WebviewPanel();
    panels.push(panel);
    return panel;
  },
  registerWebviewPanelSerializer: (_type: string, serializer: PanelSerializer) => {
    serializers.push(serializer);
    return made("serializer");
  },
  setStatusBarMessage: () => made("message").dispose(),
  showQuickPick: () => Promise.resolve(undefined),
  showInformationMessage: () => Promise.resolve(undefined),
  showErrorMessage: () => Promise.resolve(undefined),
};

export const workspace = {
  getConfiguration: () => ({ get: (name: string) => configured.get(name) }),
  onDidChangeConfiguration: (listener: Listener) => {
    configurationListeners.add(listener);
    return made("settings listener", () => configurationListeners.delete(listener));
  },
  registerTextDocumentContentProvider: () => made("provider"),
  onDidCloseTextDocument: () => made("document listener"),
};

export const commands = {
  registerCommand: (id: string, action: Listener) => {
    registered.set(id, action);
    return made("command", () => registered.delete(id));
  },
  executeCommand: (...given: unknown[]) => {
    executed.push(given);
    return Promise.resolve(undefined);
  },
};

export const env = {
  remoteName: undefined,
  uiKind: UIKind.Desktop,
  clipboard: { writeText: (text: string) => Promise.resolve(void clipboardTexts.push(text)) },
};
