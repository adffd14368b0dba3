/// <reference types="vscode" />
